using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers;
using WeakRefAnalyzers.Fixes;

namespace FieldTests;

internal sealed record FieldReport(int Findings, int Fixed, IReadOnlyList<string> Wrong);

/// <summary>
/// Applies every offered fix to real sources, in memory: the file still parses, no compiler error is added, the
/// diagnostic is gone, nothing outside its type changed, and FixAll comes to the same as the fixes one by one.
/// </summary>
internal static class FieldRun
{
    private const int MostRounds = 500;

    private static readonly CodeFixProvider[] Providers = typeof(WeakFix).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
        .Select(static type => (CodeFixProvider)Activator.CreateInstance(type)!).ToArray();

    public static async Task<FieldReport> RunAsync(string folder, string prefix = "WREF")
    {
        var project = Load(folder);
        var findings = 0;
        var applied = 0;
        var wrong = new List<string>();
        var all = await new CompilationWithAnalyzersRun(project).AllAsync();
        foreach (var group in all.Where(found => found.Id.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(static found => found.Location.SourceTree!))
        {
            var document = project.GetDocument(group.Key)!;
            findings += group.Count();
            var fixable = new HashSet<string>();
            foreach (var diagnostic in group)
            {
                if (await FixAsync(document, diagnostic) is { } after)
                {
                    applied++;
                    fixable.Add(diagnostic.Id);
                    if (await ProblemOfAsync(document, after, diagnostic) is { } problem)
                    {
                        wrong.Add($"{diagnostic.Id} {Path.GetRelativePath(folder, group.Key.FilePath)}:{diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1} {problem}");
                    }
                }
            }

            foreach (var id in fixable)
            {
                var one = (await OneByOneAsync(document, id)).ToString();
                if ((await FixAllAsync(document, id)).ToString() is var many && many != one)
                {
                    wrong.Add($"{id} {Path.GetRelativePath(folder, group.Key.FilePath)} FixAll differs from the fixes one by one");
                    await WriteAsync(folder, group.Key.FilePath, id, one, many);
                }
            }
        }

        return new FieldReport(findings, applied, wrong);
    }

    private static Project Load(string folder)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("xunit", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
        var symbols = new[] { "NET", "NETCOREAPP", "NET8_0_OR_GREATER", "NET10_0_OR_GREATER" };
        var project = new AdhocWorkspace().AddProject("field", LanguageNames.CSharp)
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols))
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
            .AddMetadataReferences(references);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            project = project.AddDocument(Path.GetRelativePath(folder, file), SourceText.From(File.ReadAllText(file)), filePath: file).Project;
        }

        return project.AddDocument("Usings.cs", "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;").Project;
    }

    /// <summary>The document after the first offered fix; null where none is offered.</summary>
    private static async Task<Document?> FixAsync(Document document, Diagnostic diagnostic)
    {
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            CodeAction? offered = null;
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offered ??= action, default));
            if (offered is not null)
            {
                var operations = await offered.GetOperationsAsync(default);
                return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id);
            }
        }

        return null;
    }

    private static async Task<string?> ProblemOfAsync(Document before, Document after, Diagnostic diagnostic)
    {
        var (oldRoot, newRoot) = ((await before.GetSyntaxRootAsync())!, (await after.GetSyntaxRootAsync())!);
        var parsed = CSharpSyntaxTree.ParseText(await after.GetTextAsync(), (CSharpParseOptions)before.Project.ParseOptions!);
        if (Errors(parsed.GetDiagnostics()) > Errors(oldRoot.GetDiagnostics()))
        {
            return "no longer parses";
        }

        var type = oldRoot.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>()?.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Last();
        var changes = (await after.GetTextChangesAsync(before)).ToList();
        if (changes.Count == 0)
        {
            return "changes nothing";
        }

        if (type is not null && changes.Any(change => !type.FullSpan.Contains(change.Span) && !change.NewText!.StartsWith("using ", StringComparison.Ordinal)))
        {
            return "changes more than its type";
        }

        var errors = (Errors((await before.GetSemanticModelAsync())!.GetDiagnostics()), Errors((await after.GetSemanticModelAsync())!.GetDiagnostics()));
        if (errors.Item2 > errors.Item1)
        {
            var known = (await before.GetSemanticModelAsync())!.GetDiagnostics().Select(static error => error.GetMessage()).ToHashSet();
            var added = (await after.GetSemanticModelAsync())!.GetDiagnostics().FirstOrDefault(error => error.Severity == DiagnosticSeverity.Error && !known.Contains(error.GetMessage()));
            return $"adds {errors.Item2 - errors.Item1} compiler errors: {added}";
        }

        var (found, left) = (await OfIdAsync(before, diagnostic.Id), await OfIdAsync(after, diagnostic.Id));
        return left.Length < found.Length ? null : "the diagnostic is still there";
    }

    private static int Errors(IEnumerable<Diagnostic> diagnostics) => diagnostics.Count(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static async Task<Diagnostic[]> OfIdAsync(Document document, string id) =>
        (await new CompilationWithAnalyzersRun(document.Project).OfAsync(document)).Where(found => found.Id == id).OrderBy(static found => found.Location.SourceSpan.Start).ToArray();

    private static async Task<SourceText> OneByOneAsync(Document document, string id)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            Document? next = null;
            foreach (var diagnostic in await OfIdAsync(document, id))
            {
                next ??= await FixAsync(document, diagnostic);
            }

            if (next is null)
            {
                break;
            }

            document = next;
        }

        return await document.GetTextAsync();
    }

    private static async Task<SourceText> FixAllAsync(Document document, string id)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var provider = Providers.First(provider => provider.FixableDiagnosticIds.Contains(id));
            var context = new FixAllContext(document, provider, FixAllScope.Document, provider.FixableDiagnosticIds[0], [id], new Source(id), default);
            var action = await provider.GetFixAllProvider()!.GetFixAsync(context);
            var operations = action is null ? [] : await action.GetOperationsAsync(default);
            var next = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution.GetDocument(document.Id);
            if (next is null || (await next.GetTextAsync()).ContentEquals(await document.GetTextAsync()))
            {
                break;
            }

            document = next;
        }

        return await document.GetTextAsync();
    }

    private static async Task WriteAsync(string folder, string path, string id, string one, string many)
    {
        var into = Environment.GetEnvironmentVariable("FIELD_DIFFERENCES");
        if (into is not null)
        {
            var name = Path.Combine(into, Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '.') + "." + id);
            await File.WriteAllTextAsync(name + ".one", one);
            await File.WriteAllTextAsync(name + ".all", many);
        }
    }

    private sealed class CompilationWithAnalyzersRun(Project project)
    {
        private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = [new WeakRefAnalyzer()];

        public async Task<ImmutableArray<Diagnostic>> AllAsync() => await (await StartAsync()).GetAnalyzerDiagnosticsAsync();

        public async Task<ImmutableArray<Diagnostic>> OfAsync(Document document)
        {
            var model = (await document.GetSemanticModelAsync())!;
            var run = model.Compilation.WithAnalyzers(Analyzers);
            return (await run.GetAnalyzerSemanticDiagnosticsAsync(model, null, default)).AddRange(await run.GetAnalyzerSyntaxDiagnosticsAsync(model.SyntaxTree, default));
        }

        private async Task<CompilationWithAnalyzers> StartAsync() => (await project.GetCompilationAsync())!.WithAnalyzers(Analyzers);
    }

    private sealed class Source(string id) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancel) => await OfIdAsync(document, id);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancel) => Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancel) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
