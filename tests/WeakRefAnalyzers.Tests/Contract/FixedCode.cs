using System.Collections.Immutable;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// Applies every offer for a source, alone and as FixAll, and says what a user would not accept of the result: the
/// compiler complains, the report is still there, or there is a new one of any rule.
/// </summary>
internal static class FixedCode
{
    // Where edits overlap, FixAll leaves the later one to its next run.
    private const int Runs = 3;

    // Short sources have fields that nothing sets, which counts only once something reads them.
    private const string NeverAssigned = "CS0649";

    /// <summary>How many fixed texts were looked at, and what is wrong with some.</summary>
    public static async Task<(int Texts, IReadOnlyList<(string Name, string Input, string Output)> Faults)> CheckAsync(Shape shape)
    {
        var texts = 0;
        var faults = new List<(string, string, string)>();
        var before = await State.OfAsync(Whole.Document(shape.Source, shape.Options, shape.Usings));
        foreach (var offer in before.Offers)
        {
            var id = offer.Diagnostic.Id;
            var after = await State.OfAsync(await Offers.ApplyAsync(offer, before.Document));
            await Compare($"{offer.Action.EquivalenceKey} alone", after, [id]);
        }

        foreach (var all in before.Offers.GroupBy(offer => offer.Action.EquivalenceKey).Where(all => all.Count() > 1))
        {
            var after = before;
            var left = all.ToArray();
            for (var run = 0; run < Runs && left.Length > 0; run++)
            {
                if (await Offers.ApplyToAllAsync(left[0], after.Document, after.Diagnostics) is not { } document)
                {
                    break;
                }

                after = await State.OfAsync(document);
                left = [.. after.Offers.Where(offer => offer.Action.EquivalenceKey == all.Key)];
            }

            await Compare($"{all.Key} all", after, [.. all.Select(offer => offer.Diagnostic.Id)]);
            if (left.Length > 0)
            {
                await Fault($"{all.Key} all", "offers again", after);
            }
        }

        return (texts, faults);

        // The parts of a text move when it is edited, so what is reported is compared by number.
        async Task Compare(string name, State after, IReadOnlyList<string> gone)
        {
            texts++;
            foreach (var id in after.Ids.Select(count => count.Key).Union(gone))
            {
                var expected = before.Ids.GetValueOrDefault(id) - gone.Count(one => one == id);
                if (after.Ids.GetValueOrDefault(id) > expected)
                {
                    await Fault(name, (gone.Contains(id) ? "keeps " : "brings ") + id, after);
                }
            }
        }

        async Task Fault(string name, string what, State after)
            => faults.Add(($"{shape.Name} {name}: {what}", shape.Source, (await after.Document.GetTextAsync()).ToString()));
    }

    /// <param name="Ids">How often each rule is reported, and each error and warning of the compiler.</param>
    private sealed record State(
        Document Document, ImmutableArray<Diagnostic> Diagnostics, IReadOnlyDictionary<string, int> Ids, List<Offer> Offers)
    {
        public static async Task<State> OfAsync(Document document)
        {
            var diagnostics = await Contract.Offers.AnalyzeAsync(document);
            var errors = (await document.Project.GetCompilationAsync())!.GetDiagnostics()
                .Where(error => error.Severity >= DiagnosticSeverity.Warning && error.Id != NeverAssigned);
            var ids = diagnostics.Concat(errors).GroupBy(diagnostic => diagnostic.Id).ToDictionary(same => same.Key, same => same.Count());
            return new(document, diagnostics, ids, await Contract.Offers.FindAsync(document, diagnostics));
        }
    }
}
