using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// A file that several projects share, as those of one project for several frameworks do. An editor makes one text of what a fix
/// gives for each, so each must give the same: that of the project with the oldest language and framework, which compiles in all.
/// </summary>
internal static class LinkedFile
{
    /// <summary>The file in the project that has least, among those where all these diagnostics have a place.</summary>
    public static async Task<Document> LeastAsync(Document document, IReadOnlyList<Diagnostic> diagnostics, CancellationToken cancel)
    {
        var linked = document.GetLinkedDocumentIds();
        if (linked.IsEmpty || await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false) is not { } root)
        {
            return document;
        }

        var files = new List<(Document File, LanguageVersion Language, Version Framework)>();
        foreach (var file in linked.Select(document.Project.Solution.GetDocument).OfType<Document>().Append(document))
        {
            if (file.Project.ParseOptions is CSharpParseOptions options
                && await file.Project.GetCompilationAsync(cancel).ConfigureAwait(false) is { } compilation)
            {
                files.Add((file, options.LanguageVersion, compilation.GetSpecialType(SpecialType.System_Object)
                    .ContainingAssembly?.Identity.Version ?? new Version()));
            }
        }

        var text = root.ToFullString();
        foreach (var (file, _, _) in files.OrderBy(static file => file.Language).ThenBy(static file => file.Framework)
            .ThenBy(static file => file.File.Project.Name, StringComparer.Ordinal))
        {
            if (file == document || (await file.GetSyntaxRootAsync(cancel).ConfigureAwait(false) is { } other
                && other.ToFullString() == text
                && diagnostics.All(diagnostic => IsSame(root, other, diagnostic))))
            {
                return file;
            }
        }

        return document;
    }

    /// <summary>What the diagnostic points to is code there too, not what an #if leaves out.</summary>
    private static bool IsSame(SyntaxNode root, SyntaxNode other, Diagnostic diagnostic)
    {
        var span = diagnostic.Location.SourceSpan;
        return root.FullSpan.Contains(span) && root.FindNode(span, getInnermostNodeForTie: true) is var node
            && other.FindNode(span, getInnermostNodeForTie: true) is var same
            && node.RawKind == same.RawKind && node.Span == same.Span;
    }
}
