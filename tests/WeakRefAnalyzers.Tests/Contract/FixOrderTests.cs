namespace WeakRefAnalyzers.Tests.Contract;

#if ROSLYN_LATEST
/// <summary>
/// Where several rules speak of one document, <c>dotnet format</c> fixes one rule after the other in an order that changes from run to
/// run; the text does not.
/// </summary>
public class FixOrderTests
{
    private const int Runs = 4;

    public static IEnumerable<object[]> Pages
        => Page.All.Where(static page => page.Blocks.Any(static block => block.IsWrong)).Select(static page => new object[] { page.Path });

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task TheBlocksOfAPage(string path)
    {
        var page = Page.All.Single(page => page.Path == path);
        foreach (var block in page.Blocks.Where(static block => block.IsWrong))
        {
            await CheckAsync(page.Program(block), Page.Usings);
        }
    }

    [Theory]
    [InlineData("if (w.IsAlive) Use(w.Target); if (v.Target != null) v.Target.ToString(); foreach (var c in (string)u.Target) Use(c);")]
    [InlineData("if (v.Target != null) v.Target.ToString(); if (w.IsAlive) { Use(w.Target); } Use(((string)u.Target).Length);")]
    [InlineData("var target = 1; Use(target); if (w.IsAlive) Use(w.Target); if (v.Target != null) v.Target.ToString();")]
    [InlineData("if (w.IsAlive) Use(w.Target); { if (v.Target != null) v.Target.ToString(); } { var target2 = 1; Use(target2); }")]
    public async Task SeveralReadsInOneBody(string statements) => await CheckAsync(
        $$"""
        class C
        {
            void M(WeakReference u, WeakReference v, WeakReference w)
            {
                {{statements}}
            }

            void Use(object o) => Console.WriteLine(o);
        }
        """,
        "global using System;");

    private static async Task CheckAsync(string source, string usings)
    {
        var before = Whole.Document(source, new Options(), usings);
        var offers = await Offers.FindAsync(before, await Offers.AnalyzeAsync(before));
        var ids = offers.Select(static offer => offer.Diagnostic.Id).Distinct().ToList();
        if (ids.Count < 2)
        {
            return;
        }

        var texts = new List<string>();
        for (var turn = 0; turn < 2; turn++)
        {
            ids.Reverse();
            for (var shift = 0; shift < ids.Count; shift++)
            {
                ids = [.. ids.Skip(1), ids[0]];
                texts.Add(await FixAsync(before, ids));
            }
        }

        Assert.Equal(Enumerable.Repeat(texts[0], texts.Count), texts);
    }

    private static async Task<string> FixAsync(Document document, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            for (var run = 0; run < Runs; run++)
            {
                var found = await Offers.AnalyzeAsync(document);
                if ((await Offers.FindAsync(document, found.Where(diagnostic => diagnostic.Id == id))).FirstOrDefault() is not { } offer
                    || await Offers.ApplyToAllAsync(offer, document, found.Where(diagnostic => diagnostic.Id == id)) is not { } next)
                {
                    break;
                }

                document = next;
            }
        }

        return (await document.GetTextAsync()).ToString();
    }
}
#endif
