using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Tests.Code;

/// <summary>Facts about things that refer to one another: the lowest number that one gets to from here.</summary>
public class SummaryTests
{
    private const int Hops = 4;

    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, int.MaxValue)] // As far as one may look, and one further.
    public void LooksSoManyHopsDeep(int from, int expected)
    {
        var chain = new Graph(from + 1);
        for (var node = 2; node <= from; node++)
        {
            chain.Add(node, node - 1);
        }

        chain.Ends(1);
        Assert.Equal(expected, chain.Ask(from));
    }

    [Fact]
    public void RemembersWhatIsNot()
    {
        var graph = new Graph(2);
        graph.Add(1, 0);
        graph.Ask(1);
        graph.Ask(1);
        graph.Ask(0);
        Assert.Equal(2, graph.Looks);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    public void LooksAtEachAFewTimes(int nodes)
    {
        var graph = new Graph(nodes);
        for (var i = 0; i < nodes; i++)
        {
            for (var j = 0; j < nodes; j++)
            {
                graph.Add(i, j);
            }
        }

        for (var i = 0; i < nodes; i++)
        {
            graph.Ask(i);
        }

        Assert.InRange(graph.Looks, nodes, nodes * Hops);
    }

    [Fact]
    public void AnswersTheSameWhoeverAsksFirst()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var edges = Enumerable.Range(0, 30).Select(_ => (From: random.Next(12), To: random.Next(12))).ToArray();
            var answers = Enumerable.Range(0, 5).Select(_ => Answers(edges, random)).ToArray();
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }
    }

    private static int[] Answers((int From, int To)[] edges, Random random)
    {
        var graph = new Graph(12);
        graph.Ends(0);
        foreach (var (from, to) in edges)
        {
            graph.Add(from, to);
        }

        var order = Enumerable.Range(0, 12).ToArray();
        random.Shuffle(order);
        var answers = new int[12];
        foreach (var node in order)
        {
            answers[node] = graph.Ask(node);
        }

        return answers;
    }

    private sealed class Graph
    {
        private readonly List<int>[] _next;
        private readonly HashSet<int> _ends = [];
        private readonly Summary<int, int> _lowest;

        public Graph(int nodes)
        {
            _next = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
            _lowest = new Summary<int, int>(EqualityComparer<int>.Default, int.MaxValue, Find);
        }

        public int Looks { get; private set; }

        public void Add(int from, int to) => _next[from].Add(to);

        public void Ends(int node) => _ends.Add(node);

        public int Ask(int node) => _lowest.Of(node, new Inquiry(Hops));

        private int Find(int node, Inquiry inquiry)
        {
            Looks++;
            var lowest = _ends.Contains(node) ? node : int.MaxValue;
            foreach (var next in _next[node])
            {
                lowest = Math.Min(lowest, _lowest.Of(next, inquiry));
            }

            return lowest;
        }
    }
}
