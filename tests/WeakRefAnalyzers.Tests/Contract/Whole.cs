using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The whole analyzer over some files, as a build runs it.</summary>
internal static class Whole
{
    private static readonly Lazy<CSharpCompilation> s_empty = new(() => Create(Framework));

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

    /// <summary>A source as the first document of a project like those above.</summary>
    public static Document Document(string source)
    {
        var workspace = new AdhocWorkspace(MefHostServices.DefaultHost);
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Whole", "Whole", LanguageNames.CSharp,
            compilationOptions: s_empty.Value.Options, parseOptions: new CSharpParseOptions(LanguageVersion.Preview), metadataReferences: s_empty.Value.References));
        return project.AddDocument("Usings.cs", References.Usings).Project.AddDocument("Source.cs", source);
    }

    /// <summary>What is reported, an exception of the analyzer as AD0001.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var found = await compilation.WithAnalyzers([new WeakRefAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>.NET 10 and the runtime library.</summary>
    public static ImmutableArray<MetadataReference> Framework => [.. References.Net10, References.Net10WeakRefs];
}
