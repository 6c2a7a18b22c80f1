using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A solution together with everything the compiler and the analyzers say of it.</summary>
internal sealed class Snapshot(
    Solution solution, ImmutableSortedDictionary<string, TextDocument> content, ImmutableArray<Diagnostic> diagnostics, ImmutableHashSet<Diagnostic> nonLocal)
{
    public Solution Solution { get; } = solution;

    /// <summary>All documents by project, kind and name; two solutions are compared by these.</summary>
    public ImmutableSortedDictionary<string, TextDocument> Content { get; } = content;

    /// <summary>Sorted by place; compiler diagnostics of every severity among them.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;

    /// <summary>Those that an IDE cannot offer a fix for: reported at the end of the compilation or from another file.</summary>
    public ImmutableHashSet<Diagnostic> NonLocal { get; } = nonLocal;

    public static async Task<Snapshot> CreateAsync(
        Solution solution, ImmutableArray<DiagnosticAnalyzer> analyzers, bool reportSuppressed, CancellationToken cancellationToken)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var nonLocal = ImmutableHashSet.CreateBuilder<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
            diagnostics.AddRange(compilation.GetDiagnostics(cancellationToken).Where(d => !d.IsSuppressed));
            if (analyzers.IsEmpty)
            {
                continue;
            }

            if (analyzers.Any(a => a.SupportedDiagnostics.Any(d => !d.IsEnabledByDefault)))
            {
                var inner = compilation.Options.SyntaxTreeOptionsProvider!;
                compilation = compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new SwitchedOn(inner, compilation.Options)));
            }

            var options = new CompilationWithAnalyzersOptions(
                project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressed);
            var result = await compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(cancellationToken).ConfigureAwait(false);
            diagnostics.AddRange(result.GetAllDiagnostics());
            nonLocal.UnionWith(result.CompilationDiagnostics.Values.SelectMany(d => d));
        }

        var sorted = diagnostics
            .OrderBy(d => d.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(d => d.Location.SourceSpan.Start)
            .ThenBy(d => d.Location.SourceSpan.End)
            .ThenBy(d => d.Id, StringComparer.Ordinal);
        return new(solution, ContentOf(solution), [.. sorted], nonLocal.ToImmutable());
    }

    public static ImmutableSortedDictionary<string, TextDocument> ContentOf(Solution solution)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, TextDocument>(StringComparer.Ordinal);
        foreach (var project in solution.Projects)
        {
            Add("source", project.Documents);
            Add("additional file", project.AdditionalDocuments);
            Add("analyzer config file", project.AnalyzerConfigDocuments);

            // A count keeps documents of the same name apart.
            void Add(string kind, IEnumerable<TextDocument> documents)
            {
                foreach (var document in documents)
                {
                    var key = $"{project.Name}: {kind} '/{string.Concat(document.Folders.Select(f => f + "/"))}{document.Name}'";
                    for (var n = 2; result.ContainsKey(key); n++)
                    {
                        key += $" ({n})";
                    }

                    result.Add(key, document);
                }
            }
        }

        return result.ToImmutable();
    }

    public async Task<bool> HasContentAsync(ImmutableSortedDictionary<string, TextDocument> other, CancellationToken cancellationToken)
    {
        if (!Content.Keys.SequenceEqual(other.Keys, StringComparer.Ordinal))
        {
            return false;
        }

        foreach (var (key, document) in Content)
        {
            if (!ReferenceEquals(document, other[key])
                && !SameText(
                    await document.GetTextAsync(cancellationToken).ConfigureAwait(false),
                    await other[key].GetTextAsync(cancellationToken).ConfigureAwait(false)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameText(SourceText a, SourceText b)
        => a.ContentEquals(b) && Equals(a.Encoding, b.Encoding) && a.ChecksumAlgorithm == b.ChecksumAlgorithm;

    /// <summary>
    /// Old Roslyns skip an analyzer whose rules are off by default unless the options of the tree, not just those of the
    /// compilation, switch them on.
    /// </summary>
    private sealed class SwitchedOn(SyntaxTreeOptionsProvider inner, CompilationOptions options) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken)
            => inner.IsGenerated(tree, cancellationToken);

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
            => inner.TryGetDiagnosticValue(tree, diagnosticId, cancellationToken, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
            => inner.TryGetGlobalDiagnosticValue(diagnosticId, cancellationToken, out severity)
                || options.SpecificDiagnosticOptions.TryGetValue(diagnosticId, out severity);
    }
}
