using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests;

/// <summary>What a rule that has two severities makes of a source, where markup knows one only.</summary>
internal static class Severities
{
    /// <summary>That of the one thing that the rule says of the source.</summary>
    public static async Task<DiagnosticSeverity> Of<TRule>(string source)
        where TRule : Rule, new()
    {
        var compilation = CSharpCompilation.Create(
            "Severities",
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(References.Usings)],
            References.Net10.Add(References.Net10WeakRefs),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(static found => found.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([new Only<TRule>()]).GetAnalyzerDiagnosticsAsync();
        return Assert.Single(found).Severity;
    }
}
