using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;

// The collector and the finalizer thread are shared by the whole process.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace WeakRefAnalyzers.Proofs;

/// <summary>
/// Shows that a rule is about something real: a program that it flags is run and misbehaves; fixed by the rule's own
/// fix, or written right by hand where it has none, it is run again, behaves, and is no longer flagged.
/// </summary>
internal static class Proof
{
    private const string Mark = "// flagged";

    private const string Helper = """
        internal static class Gc
        {
            /// <summary>Collects until what finalizers let go is gone too.</summary>
            public static void Collect()
            {
                for (var i = 0; i < 5; i++)
                {
                    System.GC.Collect();
                    System.GC.WaitForPendingFinalizers();
                }
            }
        }
        """;

    /// <param name="program">A C# file with <c>public static class Program { public static string Run() }</c>, which
    /// returns "" or the damage.</param>
    /// <param name="damage">What <c>Run</c> returns, or the type name of the exception that leaves it.</param>
    /// <param name="ownProcess">For damage that ends the process, or stops its finalizers; the type name of the
    /// unhandled exception is the damage.</param>
    public static Task RunAsync<TRule, TFix>(string program, string damage, bool ownProcess = false)
        where TRule : Rule, new()
        where TFix : CodeFixProvider, new()
        => RunAsync<TRule>(program, damage, (document, analyzer) => FixAsync(document, analyzer, new TFix()), ownProcess);

    /// <param name="safe">The same job done right: where the rule has no fix.</param>
    public static Task RunAsync<TRule>(string program, string damage, string safe, bool ownProcess = false)
        where TRule : Rule, new()
        => RunAsync<TRule>(program, damage, (_, _) => Task.FromResult(CreateDocument(safe)), ownProcess);

    private static async Task RunAsync<TRule>(
        string program,
        string damage,
        Func<Document, DiagnosticAnalyzer, Task<Document>> correct,
        bool ownProcess)
        where TRule : Rule, new()
    {
        var analyzer = new Only<TRule>();
        var document = CreateDocument(program);
        Assert.Equal(damage, await ProgramRun.RunAsync(document, ownProcess));

        var lines = program.Split('\n')
            .Index()
            .Where(line => line.Item.TrimEnd().EndsWith(Mark, StringComparison.Ordinal))
            .Select(line => line.Index + 1);
        Assert.Equal(lines, (await FindAsync(document, analyzer)).Select(LineOf).Distinct().Order());

        var corrected = await correct(document, analyzer);
        var text = (await corrected.GetTextAsync()).ToString();
        var outcome = await ProgramRun.RunAsync(corrected, ownProcess);
        Assert.True(outcome.Length == 0, $"After the correction there is still damage: {outcome}\n\n{text}");
        var left = await FindAsync(corrected, analyzer);
        Assert.True(left.IsEmpty, $"After the correction the rule still reports:\n{string.Join('\n', left)}\n\n{text}");

        static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1;
    }

    private static Document CreateDocument(string program)
    {
        var project = new AdhocWorkspace(MefHostServices.DefaultHost).CurrentSolution
            .AddProject("Proof" + Guid.NewGuid().ToString("N"), "Proof" + Guid.NewGuid().ToString("N"), LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true))
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.Default))
            .WithMetadataReferences(References.Net10.Add(References.Net10WeakRefs));
        project = project.AddDocument("Gc.cs", Helper).Project;
        project = project.AddDocument("Launcher.cs", ProgramRun.Launcher).Project;
        project = project.AddDocument("Usings.cs", References.Usings).Project;
        return project.AddDocument("Program.cs", program, filePath: "Program.cs");
    }

    private static async Task<ImmutableArray<Diagnostic>> FindAsync(Document document, DiagnosticAnalyzer analyzer)
    {
        var compilation = await document.Project.GetCompilationAsync();
        var found = await compilation!.WithAnalyzers([analyzer], document.Project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>As a user would: takes the first offer for the first diagnostic that has one, until there is none.</summary>
    private static async Task<Document> FixAsync(Document document, DiagnosticAnalyzer analyzer, CodeFixProvider fix)
    {
        var diagnostics = await FindAsync(document, analyzer);
        for (var round = diagnostics.Length; round > 0 && !diagnostics.IsEmpty; round--)
        {
            CodeAction? offered = null;
            foreach (var diagnostic in diagnostics.TakeWhile(_ => offered is null))
            {
                await fix.RegisterCodeFixesAsync(new CodeFixContext(
                    document,
                    diagnostic,
                    (action, _) => offered ??= action,
                    CancellationToken.None));
            }

            Assert.True(offered is not null, $"No fix is offered for\n{string.Join('\n', diagnostics)}");
            var operations = await offered.GetOperationsAsync(CancellationToken.None);
            document = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
            diagnostics = await FindAsync(document, analyzer);
        }

        return document;
    }
}
