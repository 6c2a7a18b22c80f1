using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Base of all fixes: a single fix and a FixAll are the same edit through one editor per document, so they cannot
/// differ. A fix says what it would edit, or null where it would not be right; null offers nothing.
/// </summary>
public abstract class WeakFix : CodeFixProvider
{
    private readonly string _title;

    private protected WeakFix(string title, params string[] ids)
    {
        _title = title;
        FixableDiagnosticIds = ids.ToImmutableArray();
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() =>
        FixAllProvider.Create(async (context, document, diagnostics) => await ApplyAsync(document, diagnostics, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FindEditAsync(context.Document, diagnostic, [], context.CancellationToken).ConfigureAwait(false) is not null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(_title, cancel => ApplyAsync(context.Document, ImmutableArray.Create(diagnostic), cancel), equivalenceKey: FixableDiagnosticIds[0]),
                    diagnostic);
            }
        }
    }

    /// <summary>The edit that removes the defect, or null where none is certain to be right.</summary>
    private protected abstract FixEdit? Edit(FixSite site);

    private async Task<FixEdit?> FindEditAsync(Document document, Diagnostic diagnostic, HashSet<(int Member, string Name)> taken, CancellationToken cancel)
    {
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(diagnostic.Location.SourceSpan))
        {
            return null;
        }

        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        var edit = Edit(new FixSite(document, root, model, node, diagnostic, taken, cancel));

        // Code inside #if that is off, or that does not parse, is not in the tree: an edit around it would lose it.
        return edit is { } found && found.Nodes.Any(static touched => touched.ContainsDirectives || touched.ContainsDiagnostics) ? null : edit;
    }

    private async Task<Document> ApplyAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancel)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancel).ConfigureAwait(false);
        var scopes = new List<SyntaxNode>();
        var taken = new HashSet<(int, string)>();
        foreach (var diagnostic in diagnostics.OrderBy(d => d.Location.SourceSpan.Start))
        {
            // Two edits of one place cannot both be right; the next round of the analyzer sees what is left.
            var names = new HashSet<(int, string)>(taken);
            if (await FindEditAsync(document, diagnostic, names, cancel).ConfigureAwait(false) is { } edit && !scopes.Any(scope => edit.Nodes.Any(node => scope.Span.IntersectsWith(node.Span))))
            {
                scopes.AddRange(edit.Nodes);
                taken = names;
                edit.Apply(editor);
            }
        }

        var changed = editor.GetChangedDocument();
        changed = await Simplifier.ReduceAsync(changed, Simplifier.Annotation, cancellationToken: cancel).ConfigureAwait(false);
        var options = FileStyle.Of(editor.OriginalRoot, await changed.GetOptionsAsync(cancel).ConfigureAwait(false));

        // Parsed anew it has no annotations left: whoever applies the fix would format it again, and not as the file is.
        // The second pass sees as real what the first one made of elastic trivia: the brace of a new lambda comes to its line only then.
        changed = await Formatter.FormatAsync(changed, Formatter.Annotation, options, cancel).ConfigureAwait(false);
        changed = await Formatter.FormatAsync(changed, Formatter.Annotation, options, cancel).ConfigureAwait(false);
        var tree = CSharpSyntaxTree.ParseText(await changed.GetTextAsync(cancel).ConfigureAwait(false), (CSharpParseOptions?)document.Project.ParseOptions, cancellationToken: cancel);
        return changed.WithSyntaxRoot(await tree.GetRootAsync(cancel).ConfigureAwait(false));
    }
}

/// <summary>Where a diagnostic stands.</summary>
/// <param name="Taken">The names that fixes of the same round gave to new variables, by the start of the member.</param>
internal sealed record FixSite(Document Document, SyntaxNode Root, SemanticModel Model, SyntaxNode Node, Diagnostic Diagnostic, HashSet<(int Member, string Name)> Taken, CancellationToken Cancel);

/// <summary>What a fix does.</summary>
/// <param name="Scope">The smallest node that holds everything the edit touches.</param>
/// <param name="Apply">The edit, on nodes of the original tree.</param>
internal sealed record FixEdit(SyntaxNode Scope, Action<SyntaxEditor> Apply)
{
    /// <summary>What it touches within the scope, where that is less than all of it.</summary>
    public IReadOnlyList<SyntaxNode> Nodes { get; init; } = [Scope];
}
