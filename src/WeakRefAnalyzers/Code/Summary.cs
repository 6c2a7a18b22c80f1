using System.Collections.Concurrent;

namespace WeakRefAnalyzers.Code;

/// <summary>A question under way: how far it may be handed on to the code it meets, and what its answer rests on.</summary>
internal sealed class Inquiry(int hops)
{
    /// <summary>How many symbols deep one may still look.</summary>
    public int Hops { get; } = hops;

    /// <summary>How deep one had to look.</summary>
    public int Depth { get; private set; }

    /// <summary>Some of the code that was met was too far away to be looked at.</summary>
    public bool IsCut { get; private set; }

    public void Rest(int depth, bool isCut)
    {
        Depth = Math.Max(Depth, depth);
        IsCut |= isCut;
    }
}

/// <summary>
/// A fact about a symbol that rests on its code, and so on the same fact about the symbols which that code uses. It is
/// looked for a fixed number of hops deep; further away, and so wherever the question comes back to itself, the answer is
/// "unknown". The answer for a symbol and a number of hops depends on the code alone and not on who asked first, so each
/// is found once and remembered, a "no" like a "yes": the work is linear in the symbols however they call one another.
/// </summary>
/// <param name="comparer">Compares the symbols.</param>
/// <param name="unknown">The answer where one may not look further.</param>
/// <param name="find">Looks at the code of a symbol; hands the inquiry on with each further question.</param>
internal sealed class Summary<TKey, TFact>(IEqualityComparer<TKey> comparer, TFact unknown, Func<TKey, Inquiry, TFact> find)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Answer> _known = new(comparer);

    /// <summary>The fact, for the question that is under way; begin one with <c>new Inquiry(hops)</c>.</summary>
    public TFact Of(TKey key, Inquiry asking)
    {
        if (asking.Hops == 0)
        {
            asking.Rest(0, isCut: true);
            return unknown;
        }

        _known.TryGetValue(key, out var known);
        for (var answer = known; answer is not null; answer = answer.Next)
        {
            if (answer.Holds(asking.Hops - 1))
            {
                asking.Rest(answer.Depth + 1, answer.IsCut);
                return answer.Fact;
            }
        }

        var inner = new Inquiry(asking.Hops - 1);
        var fact = find(key, inner);
        var found = new Answer(fact, inner, null);
        _known.AddOrUpdate(key, found, (_, others) => new Answer(fact, inner, others));
        asking.Rest(found.Depth + 1, found.IsCut);
        return fact;
    }

    private sealed class Answer(TFact fact, Inquiry inquiry, Answer? next)
    {
        public TFact Fact => fact;

        public int Depth => inquiry.Depth;

        public bool IsCut => inquiry.IsCut;

        public Answer? Next => next;

        /// <summary>Looking so far would find the same.</summary>
        public bool Holds(int hops) => IsCut ? hops == inquiry.Hops : hops >= Depth;
    }
}
