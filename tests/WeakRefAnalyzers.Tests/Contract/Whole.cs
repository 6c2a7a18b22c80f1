using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The whole analyzer over some files, as a build runs it.</summary>
internal static class Whole
{
    private static readonly Lazy<CSharpCompilation> s_empty = new(() => Create([.. Net10(), References.Net10WeakRefs]));

    /// <summary>A project with these files; the references of all of them are bound once.</summary>
    public static CSharpCompilation Compile(IEnumerable<(string Path, string Text)> files, CSharpCompilation? empty = null, params string[] symbols)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols);
        return (empty ?? s_empty.Value).AddSyntaxTrees(files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)));
    }

    public static CSharpCompilation Create(IEnumerable<MetadataReference> references) => CSharpCompilation.Create(
        "Whole",
        references: references,
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations));

    /// <summary>What is reported, an exception of the analyzer as AD0001.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var found = await compilation.WithAnalyzers([new WeakRefAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static ImmutableArray<MetadataReference> Net10()
        => References.Net10.ResolveAsync(LanguageNames.CSharp, CancellationToken.None).GetAwaiter().GetResult();
}
