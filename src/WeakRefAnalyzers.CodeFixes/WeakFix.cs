using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Base of all fixes: a single fix and a FixAll are the same edit through one editor per document, so they cannot
/// differ. A fix says what it would edit, or null where it would not be right; null offers nothing.
/// </summary>
public abstract class WeakFix : CodeFixProvider
{
    private readonly FixWay[] _ways;

    private protected WeakFix(string title, params string[] ids)
    {
        FixableDiagnosticIds = ids.ToImmutableArray();
        _ways = [new FixWay(title, ids[0], Edit)];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <summary>Other ways than <see cref="Edit"/>, which is offered first and is what a command applies to all.</summary>
    private protected virtual IEnumerable<FixWay> OtherWays => [];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
    {
        // A command that met a diagnostic without an offer first asks for no way by name.
        var way = Ways.FirstOrDefault(way => way.Key == context.CodeActionEquivalenceKey) ?? _ways[0];
        return await ApplyAsync(way, document, diagnostics, context.CancellationToken).ConfigureAwait(false);
    });

    private IEnumerable<FixWay> Ways => _ways.Concat(OtherWays);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics.Where(diagnostic => FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var document = await LinkedFile.LeastAsync(context.Document, [diagnostic], context.CancellationToken).ConfigureAwait(false);
            foreach (var way in Ways)
            {
                if (await FindEditAsync(way, document, diagnostic, [], context.CancellationToken).ConfigureAwait(false) is { } edit)
                {
                    context.RegisterCodeFix(
                        CodeAction.Create(edit.Title ?? way.Title, cancel =>
                            ApplyAsync(way, context.Document, ImmutableArray.Create(diagnostic), cancel), equivalenceKey: way.Key),
                        diagnostic);
                }
            }
        }
    }

    /// <summary>The edit that removes the defect, or null where none is certain to be right.</summary>
    private protected abstract FixEdit? Edit(FixSite site);

    private static async Task<FixEdit?> FindEditAsync(FixWay way, Document document, Diagnostic diagnostic,
        HashSet<(int Member, string Name)> taken, CancellationToken cancel)
    {
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(diagnostic.Location.SourceSpan)
            || document is SourceGeneratedDocument
            || !GeneratedCode.MayEdit(Location.Create(root.SyntaxTree, diagnostic.Location.SourceSpan), model.Compilation, cancel))
        {
            return null;
        }

        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        var edit = way.Edit(new FixSite(document, root, model, node, diagnostic, taken, cancel));

        // Code inside #if that is off, or that does not parse, is not in the tree: an edit around it would lose it.
        return edit is { } found && found.Nodes.Any(touched => touched.ContainsDirectives || touched.ContainsDiagnostics
            || !IsInOneType(touched, model, cancel)) ? null : edit;
    }

    /// <summary>
    /// A type that a file has twice after a merge, or in a namespace without a name yet, does not tell what its names mean.
    /// </summary>
    private static bool IsInOneType(SyntaxNode touched, SemanticModel model, CancellationToken cancel) =>
        touched.Ancestors().All(node => node switch
        {
            BaseNamespaceDeclarationSyntax { Name: var name } => !name.IsMissing,
            TypeDeclarationSyntax type => type.Modifiers.Any(SyntaxKind.PartialKeyword)
                || model.GetDeclaredSymbol(type, cancel)?.DeclaringSyntaxReferences.Count(part => part.SyntaxTree == type.SyntaxTree) == 1,
            _ => true,
        });

    private async Task<Document> ApplyAsync(FixWay way, Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancel)
    {
        // Whoever applies fixes may hand over what else the same analyzer reported.
        var own = diagnostics.Where(diagnostic => FixableDiagnosticIds.Contains(diagnostic.Id))
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ToList();
        var least = await LinkedFile.LeastAsync(document, own, cancel).ConfigureAwait(false);
        var editor = await DocumentEditor.CreateAsync(least, cancel).ConfigureAwait(false);
        var scopes = new List<SyntaxNode>();
        var taken = new HashSet<(int, string)>();
        foreach (var diagnostic in own)
        {
            // Two edits of one place cannot both be right; the next round of the analyzer sees what is left.
            var names = new HashSet<(int, string)>(taken);
            if (await FindEditAsync(way, least, diagnostic, names, cancel).ConfigureAwait(false) is { } edit
                && !scopes.Any(scope => edit.Nodes.Any(node => scope.Span.IntersectsWith(node.Span))))
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
        var text = await changed.GetTextAsync(cancel).ConfigureAwait(false);
        var lines = LineBreak.Restore(editor.OriginalRoot.ToFullString(), text.ToString());
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(lines, text.Encoding, text.ChecksumAlgorithm),
            (CSharpParseOptions?)document.Project.ParseOptions, cancellationToken: cancel);
        return document.WithSyntaxRoot(await tree.GetRootAsync(cancel).ConfigureAwait(false));
    }
}

/// <summary>One of the ways in which a fix can be made.</summary>
/// <param name="Title">What a menu shows.</param>
/// <param name="Key">The same for all edits of this way, which is what a FixAll goes by.</param>
/// <param name="Edit">The edit, or null where it would not be right.</param>
internal sealed record FixWay(string Title, string Key, Func<FixSite, FixEdit?> Edit);

/// <summary>Where a diagnostic stands.</summary>
/// <param name="Document">The file.</param>
/// <param name="Root">Its tree.</param>
/// <param name="Model">What the tree means.</param>
/// <param name="Node">What the diagnostic points to.</param>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Taken">The names that fixes of the same round gave to new variables, by the start of the member.</param>
/// <param name="Cancel">Ends the search.</param>
internal sealed record FixSite(
    Document Document, SyntaxNode Root, SemanticModel Model, SyntaxNode Node, Diagnostic Diagnostic, HashSet<(int Member,
        string Name)> Taken, CancellationToken Cancel)
{
    /// <summary>What is found out about the document on the way.</summary>
    public KnownFacts Known { get; } = new();

    /// <summary>What syntax the file may use.</summary>
    public Language Language => new(Root);

    /// <summary>
    /// What the diagnostic points to beside its own place; null where it names none of that kind, or one in another file.
    /// </summary>
    public SyntaxNode? Related(Place place) =>
        WeakRefAnalyzers.Related.Of(Diagnostic, place) is { } location && location.GetLineSpan().Path == Root.SyntaxTree.FilePath
            && Root.FullSpan.Contains(location.SourceSpan)
            ? Root.FindNode(location.SourceSpan, getInnermostNodeForTie: true) : null;
}

/// <summary>What a fix does.</summary>
/// <param name="Scope">The smallest node that holds everything the edit touches.</param>
/// <param name="Apply">The edit, on nodes of the original tree.</param>
internal sealed record FixEdit(SyntaxNode Scope, Action<SyntaxEditor> Apply)
{
    /// <summary>What it touches within the scope, where that is less than all of it.</summary>
    public IReadOnlyList<SyntaxNode> Nodes { get; init; } = [Scope];

    /// <summary>What this edit is called, where the way's own title does not say it.</summary>
    public string? Title { get; init; }
}
