using WeakRefs.Registry;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>The table of tokens against a list, since its records and entries move in ways no public member shows.</summary>
public class TokenTableTests
{
    [Theory]
    [InlineData(3, 5_000)]
    [InlineData(700, 40_000)]
    public void Random_operations_agree_with_a_list(int tokenCount, int operations)
    {
        Random random = new(tokenCount);
        TokenTable table = new();
        var tokens = Enumerable.Range(0, tokenCount).Select(_ => new object()).ToArray();
        SomeChunk chunk = new();
        List<(object Token, int Index, int Slot)> expected = [];
        for (var slot = 0; slot < operations; slot++)
        {
            var token = tokens[random.Next(tokenCount)];
            // More is added than removed in the first half, so that the table grows and then empties.
            switch (random.Next(slot < operations / 2 ? 6 : 3))
            {
                case 0 when expected.Count > 0:
                    var some = expected[random.Next(expected.Count)];
                    table.Remove(some.Index, chunk, some.Slot, version: 1);
                    expected.Remove(some);
                    break;
                case 1:
                    bool more;
                    do
                    {
                        more = table.TryTake(token, out var of, out var taken, out _);
                        Assert.Equal(of is null ? 0 : 1, expected.RemoveAll(e => e.Token == token && e.Slot == taken));
                    }
                    while (more);
                    Assert.DoesNotContain(expected, e => e.Token == token);
                    break;
                default:
                    expected.Add((token, table.Add(token, chunk, slot, version: 1), slot));
                    break;
            }
        }

        foreach ((var token, _, _) in expected.ToArray())
        {
            while (table.TryTake(token, out var of, out var taken, out _) || of is not null)
            {
                Assert.Equal(1, expected.RemoveAll(e => e.Token == token && e.Slot == taken));
            }
        }

        Assert.Empty(expected);
        table.Clear();
    }

    [Fact]
    public void Removing_twice_or_after_taking_changes_nothing()
    {
        TokenTable table = new();
        SomeChunk chunk = new();
        object token = new(), other = new();
        var first = table.Add(token, chunk, slot: 0, version: 1);
        table.Add(other, chunk, slot: 1, version: 1);
        Assert.False(table.TryTake(token, out var taken, out _, out _));
        Assert.Same(chunk, taken);

        table.Remove(first, chunk, slot: 0, version: 1);
        table.Remove(first, chunk, slot: 0, version: 1);

        table.TryTake(token, out taken, out _, out _);
        Assert.Null(taken);
        table.TryTake(other, out taken, out var slot, out _);
        Assert.Same(chunk, taken);
        Assert.Equal(1, slot);
        table.Clear();
    }

    private sealed class SomeChunk : Chunk
    {
        public override bool Has(int index, int version) => throw new InvalidOperationException();

        public override bool Unregister(int index, int version, bool forgetToken) => throw new InvalidOperationException();
    }
}
