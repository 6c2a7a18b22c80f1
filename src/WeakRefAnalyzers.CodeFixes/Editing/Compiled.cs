using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Editing;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Asks the compiler about an edit whose consequences reach further than its own lines.</summary>
internal static class Compiled
{
    /// <summary>Whether the file has no more errors after it.</summary>
    public static bool IsRight(FixSite site, FixEdit edit)
    {
        var editor = new SyntaxEditor(site.Root, site.Document.Project.Solution.Services);
        edit.Apply(editor);
        var tree = site.Root.SyntaxTree.WithRootAndOptions(editor.GetChangedRoot(), site.Root.SyntaxTree.Options);
        var model = site.Model.Compilation.ReplaceSyntaxTree(site.Root.SyntaxTree, tree).GetSemanticModel(tree);
        return Errors(model, site.Cancel) <= Errors(site.Model, site.Cancel);
    }

    private static int Errors(SemanticModel model, CancellationToken cancel) =>
        model.GetDiagnostics(cancellationToken: cancel).Count(static found => found.Severity == DiagnosticSeverity.Error);
}
