namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The same answer in every run: whoever is asked first, on however many threads, in whatever order the files come.</summary>
public class DeterminismTests
{
    private const int Runs = 6;

    [Fact]
    public async Task TheOrderOfFilesAndThreadsIsOfNoMatter()
    {
        var files = Repository.List("samples/Misuse", "*.cs")
            .Concat(Repository.List("samples/Safe", "*.cs"))
            .Select(file => (file, Repository.Read(file)))
                .Append(("Usings.cs", References.Usings.Replace("global using WeakRefs;", "", StringComparison.Ordinal)))
                .Concat(Hops(8)).ToArray();
        var expected = await Reported(files);
        Assert.NotEmpty(expected);
        for (var run = 0; run < Runs; run++)
        {
            new Random(run).Shuffle(files);
            Assert.Equal(expected, await Reported(files));
        }
    }

    /// <summary>Of two references that one property speaks of, the first counts.</summary>
    [Fact]
    public Task APropertyThatProbesTwoReferencesSpeaksOfTheFirst() => Again("""
        class C
        {
            WeakReference a, b;
            bool Both => a.IsAlive && b.IsAlive;
            void M()
            {
                if (Both)
                {
                    {|WREF102:a.Target|}.ToString();
                    {|WREF101:b.Target.ToString()|};
                }
            }
        }
        """);

    /// <summary>Of two targets that made a value null, the first is named.</summary>
    [Fact]
    public async Task OfTwoDeadTargetsTheFirstIsNamed()
    {
        const string source = """
            class T { public T Next; public void Go() { } }
            class C
            {
                void M(System.WeakReference w, System.WeakReference v)
                {
                    var a = w.Target as T;
                    var b = v.Target as T;
                    var n = a != null && b != null ? a.Next : null;
                    n.Go();
                }
            }
            """;
        for (var run = 0; run < Runs; run++)
        {
            Assert.Contains("'w.Target'", Assert.Single(await Reported([("Source.cs", source)])), StringComparison.Ordinal);
        }
    }

    /// <summary>How far a read is followed counts from the read, and not from where somebody asked before.</summary>
    [Fact]
    public Task AWrapperTooFarAwayIsNoneWhoeverAskedBefore() => Again("""
        class C
        {
            WeakReference w;
            void First() { P8.ToString(); }
            void Second() { {|WREF101:P4.ToString()|}; }
            void Third() { P8.ToString(); }
            object P1 => w.Target;
            object P2 => P1;
            object P3 => P2;
            object P4 => P3;
            object P5 => P4;
            object P6 => P5;
            object P7 => P6;
            object P8 => P7;
        }
        """);

    private static async Task Again(string source)
    {
        for (var run = 0; run < Runs; run++)
        {
            await Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(source);
        }
    }

    private static async Task<string[]> Reported((string Path, string Text)[] files) =>
        [.. (await Whole.AnalyzeAsync(Whole.Compile(files))).Select(diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Members that pass one read on, each in a file of its own.</summary>
    private static IEnumerable<(string Path, string Text)> Hops(int count) => Enumerable.Range(0, count).Select(i => ($"Hop{i}.cs", $$"""
        partial class Hops
        {
            object P{{i}} => {{(i == 0 ? "_w.Target" : $"P{i - 1}")}};
            void M{{i}}() { P{{i}}.ToString(); }
            {{(i == 0 ? "System.WeakReference _w;" : "")}}
        }
        """));
}
