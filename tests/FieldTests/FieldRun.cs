using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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

    /// <summary>So many are analyzed together: usings, and one file to look at.</summary>
    private const int FewFiles = 2;

    /// <summary>What is known of a document: its findings by id, its compiler errors, and what the fixes make of it.</summary>
    private static readonly ConditionalWeakTable<Document, Known> Knowledge = [];

    private static readonly CodeFixProvider[] Providers = typeof(WeakFix).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
        .Select(static type => (CodeFixProvider)Activator.CreateInstance(type)!).ToArray();

    public static CSharpParseOptions ParseOptions { get; } = new(
        LanguageVersion.Preview,
        preprocessorSymbols: ["NET", "NETCOREAPP", "NET8_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    public static Task<FieldReport> RunAsync(string folder, string prefix = "WREF") =>
        RunAsync(Load(folder), path => Path.GetRelativePath(folder, path), prefix);

    /// <summary>The same for a project that is there already.</summary>
    /// <param name="project">The project.</param>
    /// <param name="shorten">Gives a file's path as it is to be shown.</param>
    /// <param name="prefix">How the ids begin that are looked at.</param>
    /// <param name="isReal">
    /// Whether it would compile with its references. Of what never would a rule has to guess, and may guess otherwise after a fix.
    /// </param>
    public static async Task<FieldReport> RunAsync(
        Project project, Func<string, string> shorten, string prefix = "WREF", bool isReal = true)
    {
        var findings = 0;
        var applied = 0;
        var wrong = new List<string>();
        var all = await AnalyzerRun.AllAsync(project);
        foreach (var group in all
            .Where(found => found.Id.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(static found => found.Location.SourceTree!))
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
                    await WriteAsync(
                        "FIELD_FIXES",
                        $"{shorten(group.Key.FilePath)}.{diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1}",
                        diagnostic.Id,
                        (".before", await document.GetTextAsync()),
                        (".after", await after.GetTextAsync()));
                    if (await ProblemOfAsync(document, after, diagnostic, isReal) is { } problem)
                    {
                        var line = diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1;
                        wrong.Add($"{diagnostic.Id} {shorten(group.Key.FilePath)}:{line} {problem}");
                    }
                }
            }

            foreach (var id in fixable)
            {
                var (before, afterAll) = (await KnownOfAsync(document), await FixAllAsync(document, id));
                var one = await (await OneByOneAsync(document, id)).GetTextAsync();
                var many = await afterAll.GetTextAsync();
                if (Added(before.Errors, (await KnownOfAsync(afterAll)).Errors) is { } added)
                {
                    wrong.Add($"{id} {shorten(group.Key.FilePath)} FixAll adds a compiler error: {added}");
                }

                if ((isReal || before.Errors.Length == 0) && !Texts.AreSameButForNames(one, many))
                {
                    wrong.Add($"{id} {shorten(group.Key.FilePath)} FixAll differs from the fixes one by one");
                    await WriteAsync("FIELD_DIFFERENCES", shorten(group.Key.FilePath), id, (".one", one), (".all", many));
                }
            }
        }

        return new FieldReport(findings, applied, wrong);
    }

    private static Project Load(string folder)
    {
        var project = Empty();
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            project =
                project.AddDocument(Path.GetRelativePath(folder, file), SourceText.From(File.ReadAllText(file)), filePath: file).Project;
        }

        return project;
    }

    /// <summary>A project with the references of this program, or those of them that are wanted, and the usings of a new one.</summary>
    public static Project Empty(Func<string, bool>? isWanted = null)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path =>
                isWanted?.Invoke(path) != false
                    && !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
                    && !Path.GetFileName(path).StartsWith("xunit", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
        return new AdhocWorkspace().AddProject("field", LanguageNames.CSharp)
            .WithParseOptions(ParseOptions)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
            .AddMetadataReferences(references)
            .AddDocument(
                "Usings.cs",
                "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
                    + "global using System.Threading; global using System.Threading.Tasks;").Project;
    }

    /// <summary>The document after the first offered fix; null where none is offered.</summary>
    private static async Task<Document?> FixAsync(Document document, Diagnostic diagnostic)
    {
        var made = Knowledge.GetOrCreateValue(document).Fixed;
        if (!made.TryGetValue(diagnostic, out var after))
        {
            made[diagnostic] = after = await OfferedAsync(document, diagnostic);
        }

        return after;
    }

    private static async Task<Document?> OfferedAsync(Document document, Diagnostic diagnostic)
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

    private static async Task<string?> ProblemOfAsync(Document before, Document after, Diagnostic diagnostic, bool isReal)
    {
        var (oldRoot, newRoot) = ((await before.GetSyntaxRootAsync())!, (await after.GetSyntaxRootAsync())!);
        var parsed = CSharpSyntaxTree.ParseText(await after.GetTextAsync(), (CSharpParseOptions)before.Project.ParseOptions!);
        if (OfErrors(parsed.GetDiagnostics()).Length > OfErrors(oldRoot.GetDiagnostics()).Length)
        {
            return "no longer parses";
        }

        var type = oldRoot.FindNode(diagnostic.Location.SourceSpan)
            .FirstAncestorOrSelf<TypeDeclarationSyntax>()?
            .AncestorsAndSelf()
            .OfType<TypeDeclarationSyntax>()
            .Last();
        var changes = (await after.GetTextChangesAsync(before)).ToList();
        if (changes.Count == 0)
        {
            return "changes nothing";
        }

        // An import is declared once more where it is.
        if (type is not null && diagnostic.Id != "WREF509"
            && !Texts.KeepAllBut(type.FullSpan, oldRoot.ToFullString(), newRoot.ToFullString()))
        {
            return "changes more than its type";
        }

        if (Added((await KnownOfAsync(before)).Errors, (await KnownOfAsync(after)).Errors) is { } added)
        {
            return "adds a compiler error: " + added;
        }

        // Other files see only the declarations.
        if (!Texts.Signatures(oldRoot).SequenceEqual(Texts.Signatures(newRoot))
            && Added(
                Declared(await before.Project.GetCompilationAsync()),
                Declared(await after.Project.GetCompilationAsync())) is { } elsewhere)
        {
            return "adds a compiler error elsewhere: " + elsewhere;
        }

        var (old, left) = (await KnownOfAsync(before), await KnownOfAsync(after));
        if ((isReal || old.Errors.Length == 0) && left.Findings.FirstOrDefault(found => found.Id != diagnostic.Id
            && left.Count(found.Id) > old.Count(found.Id)) is { } other)
        {
            return "brings " + other.Id;
        }

        if (Texts.LostRemark(oldRoot, newRoot) is { } lost)
        {
            return "loses " + lost;
        }

        // What is reported once for a method may now be reported for its next place.
        return left.Count(diagnostic.Id) < old.Count(diagnostic.Id)
            || left.Findings.All(found => found.Id != diagnostic.Id || IsElsewhere(found))
            || (await KnownOfAsync(await OneByOneAsync(before, diagnostic.Id))).Count(diagnostic.Id) < old.Count(diagnostic.Id)
            || !(isReal || old.Errors.Length == 0)
            ? null
            : "the diagnostic is still there";

        bool IsElsewhere(Diagnostic other)
        {
            var (start, moved) = (other.Location.SourceSpan.Start, 0);
            foreach (var change in changes.OrderBy(static change => change.Span.Start))
            {
                if (start >= change.Span.Start + moved && start < change.Span.Start + moved + change.NewText!.Length)
                {
                    return false;
                }

                moved += start >= change.Span.Start + moved ? change.NewText!.Length - change.Span.Length : 0;
            }

            return !diagnostic.Location.SourceSpan.Contains(start - moved);
        }
    }

    /// <summary>A compiler error that only the later list has; null when there are not more of them than before.</summary>
    private static Diagnostic? Added(Diagnostic[] before, Diagnostic[] after) =>
        after.Length <= before.Length
            ? null
            : after.FirstOrDefault(error => !before.Any(old => old.GetMessage() == error.GetMessage())) ?? after[^1];

    private static Diagnostic[] Declared(Compilation? compilation) => OfErrors(compilation!.GetDeclarationDiagnostics());

    private static Diagnostic[] OfErrors(IEnumerable<Diagnostic> diagnostics)
        => diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();

    private static async Task<Diagnostic[]> OfIdAsync(Document document, string id) =>
        [.. (await KnownOfAsync(document)).Findings.Where(found => found.Id == id)
            .OrderBy(static found => found.Location.SourceSpan.Start)];

    private static async Task<State> KnownOfAsync(Document document) =>
        Knowledge.GetOrCreateValue(document).State ??= await AnalyzerRun.OfAsync(document);

    private static async Task<Document> OneByOneAsync(Document document, string id)
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

        return document;
    }

    private static async Task<Document> FixAllAsync(Document document, string id)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var provider = Providers.First(provider => provider.FixableDiagnosticIds.Contains(id));
            var context = new FixAllContext(
                document,
                provider,
                FixAllScope.Document,
                provider.FixableDiagnosticIds[0],
                [id],
                new Source(id),
                default);
            var action = await provider.GetFixAllProvider()!.GetFixAsync(context);
            var operations = action is null ? [] : await action.GetOperationsAsync(default);
            var next = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution.GetDocument(document.Id);
            if (next is null || (await next.GetTextAsync()).ContentEquals(await document.GetTextAsync()))
            {
                break;
            }

            document = next;
        }

        return document;
    }

    /// <summary>Into the folder that the environment names, to be compared by eye.</summary>
    private static async Task WriteAsync(
        string variable,
        string path,
        string id,
        params (string Kind, SourceText Text)[] texts)
    {
        if (Environment.GetEnvironmentVariable(variable) is { } into)
        {
            var name = Path.Combine(into, path.Replace(Path.DirectorySeparatorChar, '.') + "." + id);
            foreach (var (kind, text) in texts)
            {
                await File.WriteAllTextAsync(name + kind, text.ToString());
            }
        }
    }

    private sealed class Known
    {
        public Dictionary<Diagnostic, Document?> Fixed { get; } = [];

        public State? State { get; set; }
    }

    /// <summary>The compiler's errors in a file, and what we find in it.</summary>
    private sealed record State(Diagnostic[] Errors, ImmutableArray<Diagnostic> Findings)
    {
        public int Count(string id) => Findings.Count(found => found.Id == id);
    }

    private static class AnalyzerRun
    {
        private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = [new WeakRefAnalyzer()];

        public static async Task<ImmutableArray<Diagnostic>> AllAsync(Project project)
            => await (await project.GetCompilationAsync())!.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync();

        public static async Task<State> OfAsync(Document document)
        {
            var model = (await document.GetSemanticModelAsync())!;
            var run = model.Compilation.WithAnalyzers(Analyzers);
            if (document.Project.DocumentIds.Count <= FewFiles)
            {
                // One run binds the code for both.
                var all = await run.GetAllDiagnosticsAsync();
                return new State(
                    OfErrors(all.Where(found => found.Location.SourceTree == model.SyntaxTree)),
                    [.. all.Where(static found => found.Id.StartsWith("WREF", StringComparison.Ordinal))]);
            }

            var shown = await run.GetAnalyzerSemanticDiagnosticsAsync(model, null, default);
            return new State(
                OfErrors(model.GetDiagnostics()),
                shown.AddRange(await run.GetAnalyzerSyntaxDiagnosticsAsync(model.SyntaxTree, default)));
        }
    }

    private sealed class Source(string id) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancel)
            => await OfIdAsync(document, id);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancel)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancel)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
