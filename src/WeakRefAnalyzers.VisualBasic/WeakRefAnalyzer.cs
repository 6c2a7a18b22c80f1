using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Rules;

namespace WeakRefAnalyzers;

#pragma warning disable RS1004 // C# has an analyzer of its own, with all rules.

/// <summary>The rules that need no syntax of C#.</summary>
[DiagnosticAnalyzer(LanguageNames.VisualBasic)]
public sealed class WeakRefAnalyzer : RuleHost
{
    /// <summary>All rules that read Visual Basic.</summary>
    public WeakRefAnalyzer()
        : base(Catalogue())
    {
    }

    internal static Rule[] Catalogue() =>
    [
        new WREF001_UnknownName(),
        new WREF201_ValueTypeTarget(),
        new WREF202_ImmortalTarget(),
        new WREF203_UnheldTarget(),
        new WREF204_UnheldDelegate(),
        new WREF205_LongReference(),
        new WREF206_NativeCallback(),
        new WREF301_HeldValueReachesTarget(),
        new WREF302_CallbackCapturesTarget(),
        new WREF401_UnkeptRegistry(),
        new WREF402_UnusableToken(),
        new WREF404_TimelyCleanup(),
    ];
}
