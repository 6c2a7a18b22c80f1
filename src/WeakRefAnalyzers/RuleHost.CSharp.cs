using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

public abstract partial class RuleHost
{
    /// <summary>A component in Razor reaches the compiler as generated code: what of it a person wrote is told apart here.</summary>
    private const GeneratedCodeAnalysisFlags OfGeneratedCode =
        GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics;

    private static partial CompilationStartAnalysisContext Written(
        CompilationStartAnalysisContext start, Configuration configuration, KnownFacts known)
    {
        var generated = configuration.AnalyzesGeneratedCode ? null : new GeneratedCode(start.Compilation, known, start.CancellationToken);
        return generated is null or { IsNone: true } ? start : new WrittenCode(start, generated);
    }
}
