using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

#pragma warning disable RS1012 // It hands on what others register.

public abstract partial class RuleHost
{
    private const GeneratedCodeAnalysisFlags OfGeneratedCode = GeneratedCodeAnalysisFlags.None;

    /// <summary>The compiler itself leaves out what is generated.</summary>
    private static partial CompilationStartAnalysisContext Written(
        CompilationStartAnalysisContext start, Configuration configuration, KnownFacts known) => start;
}
