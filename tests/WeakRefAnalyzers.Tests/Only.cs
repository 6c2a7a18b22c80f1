using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests;

/// <summary>One rule of the package as an analyzer of its own.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Only<TRule>() : RuleHost([new TRule()])
    where TRule : Rule, new();
