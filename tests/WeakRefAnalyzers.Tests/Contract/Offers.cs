using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What the light bulb shows for one diagnostic.</summary>
internal sealed record Offer(CodeFixProvider Fix, CodeAction Action, Diagnostic Diagnostic);

/// <summary>All rules and all fixes of the package over one document, as an editor runs them.</summary>
internal static class Offers
{
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        var analysis = compilation.WithAnalyzers([new WeakRefAnalyzer()], document.Project.AnalyzerOptions);
        var found = await analysis.GetAnalyzerDiagnosticsAsync();
        Assert.All(found, diagnostic => Assert.StartsWith("WREF", diagnostic.Id));
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id)];
    }

    public static async Task<List<Offer>> FindAsync(Document document, IEnumerable<Diagnostic> diagnostics)
    {
        var offers = new List<Offer>();
        var tree = await document.GetSyntaxTreeAsync();
        foreach (var diagnostic in diagnostics.Where(diagnostic => diagnostic.Location.SourceTree == tree))
        {
            foreach (var fix in Repository.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                await fix.RegisterCodeFixesAsync(
                    new(document, diagnostic, (action, _) => offers.Add(new(fix, action, diagnostic)), CancellationToken.None));
            }
        }

        return offers;
    }

    public static Task<Document> ApplyAsync(Offer offer, Document document) => ApplyAsync(offer.Action, document);

    /// <summary>Null where the provider finds nothing to change.</summary>
    public static async Task<Document?> ApplyToAllAsync(Offer offer, Document document, IEnumerable<Diagnostic> diagnostics)
    {
        var ids = offer.Fix.FixableDiagnosticIds;
        var context = new FixAllContext(
            document, offer.Fix, FixAllScope.Document, offer.Action.EquivalenceKey!, ids,
            new Found([.. diagnostics.Where(diagnostic => ids.Contains(diagnostic.Id))]), CancellationToken.None);
        var action = await offer.Fix.GetFixAllProvider()!.GetFixAsync(context);
        return action is null ? null : await ApplyAsync(action, document);
    }

    /// <summary>The document afterwards; a fix that changes anything else is none of ours.</summary>
    private static async Task<Document> ApplyAsync(CodeAction action, Document document)
    {
        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(CancellationToken.None)));
        var changes = operation.ChangedSolution.GetChanges(document.Project.Solution);
        var project = Assert.Single(changes.GetProjectChanges());
        Assert.Equal([document.Id], project.GetChangedDocuments());
        Assert.Empty(project.GetAddedDocuments());
        return operation.ChangedSolution.GetDocument(document.Id)!;
    }

    private sealed class Found(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
