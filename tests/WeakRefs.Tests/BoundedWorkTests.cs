using WeakRefs.Cache;
using WeakRefs.Registry;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Work that must not grow with the number of registries, entries or processors. Counted, not timed.</summary>
public class BoundedWorkTests
{
    [Fact]
    public void A_young_collection_does_not_visit_what_has_only_old_targets()
    {
        OldWatched[] all = [.. Enumerable.Range(0, 1000).Select(_ => new OldWatched())];
        foreach (var one in all)
        {
            CollectionWatcher.Watch(one.Note);
        }

        var calls = 0;
        using FinalizationRegistry<int> control = new(_ => Interlocked.Increment(ref calls));
        // Once announced they are young, whatever they are; that visit tells them otherwise.
        Collector.CollectUntil(() => all.All(one => one.Visits > 0), "they are not visited at all");
        for (var i = 1; i <= 20; i++)
        {
            Targets.RegisterDead(control, i);
            Collector.WaitUntil(
                () =>
                {
                    GC.Collect(0);
                    return Volatile.Read(ref calls) >= i - Collector.Missable;
                },
                "no callback");
        }

        Assert.All(all, one => Assert.Equal(0, one.VisitsInVain));
    }

    [Theory]
    [InlineData(63)] // All window.
    [InlineData(20_000)]
    public void Adding_to_a_full_cache_whose_entries_are_all_in_use_touches_few(int capacity)
    {
        const int Few = 20;
        StrongPart<int, object> strong = new(capacity);
        object value = new();
        List<Entry<int, object>> entries = [];
        for (var i = 0; i < capacity; i++)
        {
            Add(i);
        }

        for (var i = 0; i < 100; i++)
        {
            entries.ForEach(static entry => entry.Uses = Uses.Most);
            Add(capacity + i);
            Assert.InRange(entries.Count(static entry => entry.Uses != Uses.Most), 1, Few);
            Assert.Equal(capacity, strong.Count);
        }

        void Add(int key)
        {
            Entry<int, object> entry = new(key, (uint)key, value);
            Assert.True(strong.TrySet(entry, value, isNew: true));
            entries.Add(entry);
        }
    }

#if DEBUG
    [Fact]
    public void Locks_in_the_wrong_order_and_code_of_users_inside_of_one_are_noticed()
    {
        LockOrder.Enter(LockRank.CacheStripe);
        try
        {
            Assert.Throws<InvalidOperationException>(() => LockOrder.AssertNone());
            Assert.Throws<InvalidOperationException>(() => LockOrder.Enter(LockRank.RegistryStripe));
            Assert.Throws<InvalidOperationException>(() => LockOrder.Enter(LockRank.CacheStripe));
            LockOrder.Enter(LockRank.Watcher);
            Assert.Throws<InvalidOperationException>(() => LockOrder.Enter(LockRank.StrongPart));
            LockOrder.Exit(LockRank.Watcher);
        }
        finally
        {
            LockOrder.Exit(LockRank.CacheStripe);
        }

        LockOrder.AssertNone();
    }
#endif

    /// <summary>Says that all it has is in generation 2.</summary>
    private sealed class OldWatched : IWatched
    {
        private int _visits, _visitsInVain;

        public OldWatched() => Note.Owner = this;

        public Watched Note { get; } = new();

        public int Visits => Volatile.Read(ref _visits);

        public int VisitsInVain => Volatile.Read(ref _visitsInVain);

        public int Count => 1;

        public (string Key, string Value)? Types => null;

        public bool HasDue => false;

        public bool IsEmpty => false;

        public int FindDead(int generation)
        {
            if (Interlocked.Increment(ref _visits) > 1 && generation < 2)
            {
                Interlocked.Increment(ref _visitsInVain);
            }

            return 2;
        }

        public void RunDue() => throw new InvalidOperationException();

        public void Trim()
        {
        }

        public void StartCounting()
        {
        }
    }
}
