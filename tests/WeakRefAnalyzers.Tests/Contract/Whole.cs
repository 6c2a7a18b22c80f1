using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The whole analyzer over some files, as a build runs it.</summary>
internal static class Whole
{
    private static readonly Lazy<CSharpCompilation> Empty = new(() => Create(Framework));

    private static readonly ConcurrentDictionary<(Options Options, string? Usings), Lazy<Project>> Projects = new();

    /// <summary>A project with these files; the references of all of them are bound once.</summary>
    public static CSharpCompilation Compile(
        IEnumerable<(string Path, string Text)> files,
        CSharpCompilation? empty = null,
        params string[] symbols)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols);
        return (empty ?? Empty.Value).AddSyntaxTrees(files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)));
    }

    public static CSharpCompilation Create(IEnumerable<MetadataReference> references) => CSharpCompilation.Create(
        "Whole",
        references: references,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Annotations));

    /// <summary>A source as a document of a project with these options; what the project consists of is bound once.</summary>
    public static Document Document(string source, Options options, string? usings = null)
    {
        var project = Projects.GetOrAdd((options, usings), static key => new(() => CreateProject(key.Options, key.Usings))).Value;
        return project.AddDocument("Source.cs", source, filePath: "/0/Source.cs");
    }

    private static Project CreateProject(Options options, string? usings)
    {
        IEnumerable<MetadataReference> references = options.NetFramework
            ? [.. References.NetFramework, References.NetStandardWeakRefs]
            : [.. References.Net10, References.Net10WeakRefs];
        var project = new AdhocWorkspace(MefHostServices.DefaultHost).AddProject("Whole", LanguageNames.CSharp)
            .WithCompilationOptions(Empty.Value.Options.WithNullableContextOptions(
                options.Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable))
            .WithParseOptions(new CSharpParseOptions(options.Language))
            .WithMetadataReferences(references);
        if (!options.OwnUsings)
        {
            project = project.AddDocument("Usings.cs", usings ?? References.Usings, filePath: "/0/Usings.cs").Project;
        }

        if (options.EditorConfig is { } lines)
        {
            var text = SourceText.From($"root = true\n\n[*.cs]\n{lines}\n");
            project = project.AddAnalyzerConfigDocument(".editorconfig", text, filePath: "/.editorconfig").Project;
        }

        _ = project.GetCompilationAsync().GetAwaiter().GetResult();
        return project;
    }

    /// <summary>What is reported, an exception of the analyzer as AD0001.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var found = await compilation.WithAnalyzers([new WeakRefAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. found
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>.NET 10 and the runtime library.</summary>
    public static ImmutableArray<MetadataReference> Framework => [.. References.Net10, References.Net10WeakRefs];
}
