namespace WeakRefAnalyzers.Tests;

/// <summary>References in collections, temporaries of the frame, and assertions in helpers.</summary>
public class WatchedTests
{
    private const string Around = """

        class FactAttribute : Attribute { }
        static class Assert
        {
            public static void True(bool value) { }
            public static void False(bool value) { }
            public static void Null(object value) { }
            public static void Equal(object expected, object actual) { }
            public static void Empty<T>(IEnumerable<T> all) { }
            public static void DoesNotContain<T>(IEnumerable<T> all, Predicate<T> test) { }
            public static void All<T>(IEnumerable<T> all, Action<T> test) { }
        }
        class Node { }
        """;

    [Theory]
    [InlineData("foreach (var r in list) Assert.False([|r.IsAlive|]);")]
    [InlineData("for (var i = 0; i < 3; i++) Assert.Null([|list[i].Target|]);")]
    [InlineData("Assert.All(list, r => Assert.False([|r.IsAlive|]));")]
    [InlineData("Assert.True(list.All(r => ![|r.IsAlive|]));")]
    [InlineData("Assert.False(list.Any(r => [|r.IsAlive|]));")]
    [InlineData("Assert.Equal(0, list.Count(r => [|r.IsAlive|]));")]
    [InlineData("Assert.Empty(list.Where(r => [|r.IsAlive|]));")]
    [InlineData("Assert.DoesNotContain(list, r => [|r.IsAlive|]);")]
    [InlineData("Assert.True(list.All(r => r.IsAlive));")]
    [InlineData("Assert.True(list.Any(r => r.IsAlive));")]
    [InlineData("Assert.Equal(3, list.Count(r => r.IsAlive));")]
    [InlineData("Assert.All(list, r => Assert.True(r.IsAlive));")]
    [InlineData("list.RemoveAll(r => !r.IsAlive);")]
    public Task Of_a_list_that_a_loop_fills(string assertion) => Verify<WREF801_CollectionAsserted>.Diagnostics($$"""
        class Tests
        {
            [Fact] public void M()
            {
                var list = new List<WeakReference>();
                for (var i = 0; i < 3; i++) { var node = new Node(); list.Add(new WeakReference(node)); }
                GC.Collect();
                {{assertion}}
            }
        }
        """ + Around);

    [Fact]
    public Task Silent_where_a_list_is_filled_elsewhere_or_kept() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class Tests
        {
            [Fact] public void Elsewhere() { var list = new List<WeakReference>(); Fill(list); GC.Collect(); Assert.All(list, r => Assert.False(r.IsAlive)); }
            static void Fill(List<WeakReference> list) { for (var i = 0; i < 3; i++) list.Add(new WeakReference(new Node())); }
            [Fact] public void Before() { var list = new List<WeakReference>(); GC.Collect(); var n = new Node(); list.Add(new WeakReference(n)); Assert.All(list, r => Assert.False(r.IsAlive)); GC.KeepAlive(n); }
            [Fact] public void InLambda() { var list = new List<WeakReference>(); Action fill = () => list.Add(new WeakReference(new Node())); fill(); GC.Collect(); Assert.All(list, r => Assert.False(r.IsAlive)); }
        }
        """ + Around);

    [Fact]
    public Task Of_arrays_and_initializers() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class Tests
        {
            [Fact] public void Array() { var all = new WeakReference[2]; all[0] = new WeakReference(new Node()); GC.Collect(); Assert.False([|all[0].IsAlive|]); }
            [Fact] public void Initialized() { var n = new Node(); var all = new[] { new WeakReference(n) }; n = null; GC.Collect(); foreach (var r in all) Assert.False([|r.IsAlive|]); }
            [Fact] public void Typed() { var all = new List<WeakReference<Node>>(); var w = new WeakReference<Node>(new Node()); all.Add(w); GC.Collect(); foreach (var r in all) Assert.False([|r.TryGetTarget(out _)|]); }
        }
        """ + Around);

    [Fact]
    public Task Temporaries_of_the_frame() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class Tests
        {
            static Node Create() => new Node();
            static WeakReference Track(object o) => new WeakReference(o);
            static WeakReference Made() => new WeakReference(new Node());
            [Fact] public void Returned() { var w = new WeakReference(Create()); GC.Collect(); Assert.False([|w.IsAlive|]); }
            [Fact] public void Given() { var w = Track(new Node()); GC.Collect(); Assert.False([|w.IsAlive|]); }
            [Fact] public void Elsewhere() { var w = Made(); GC.Collect(); Assert.False(w.IsAlive); }
            [Fact] public void Number() { var w = Track(3); GC.Collect(); Assert.False(w.IsAlive); }
            [Fact] public async Task Suspended() { var w = Track(new Node()); await Task.Yield(); GC.Collect(); Assert.False(w.IsAlive); }
        }
        """ + Around);

    [Fact]
    public Task Assertions_in_helpers() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class Tests
        {
            static void AssertDead(WeakReference r) { GC.Collect(); Assert.False(r.IsAlive); }
            static void Check(WeakReference r) => Assert.Null(r.Target);
            static void CheckAlive(WeakReference r) => Assert.True(r.IsAlive);
            static bool Lives(WeakReference r) => r.IsAlive;
            static WeakReference Made() => new WeakReference(new Node());
            [Fact] public void Both() { var n = new Node(); var w = new WeakReference(n); n = null; [|AssertDead(w)|]; }
            [Fact] public void Own() { var n = new Node(); var w = new WeakReference(n); GC.Collect(); [|Check(w)|]; }
            [Fact] public void Local() { var w = new WeakReference(new Node()); GC.Collect(); [|Gone(w)|]; static void Gone(WeakReference r) => Assert.False(r.IsAlive); }
            [Fact] public void Uncollected() { var n = new Node(); var w = new WeakReference(n); Check(w); }
            [Fact] public void Kept() { var n = new Node(); var w = new WeakReference(n); AssertDead(w); GC.KeepAlive(n); }
            [Fact] public void Alive() { var n = new Node(); var w = new WeakReference(n); GC.Collect(); CheckAlive(w); }
            [Fact] public void Elsewhere() { var w = Made(); AssertDead(w); }
            [Fact] public void Asked() { var w = new WeakReference(new Node()); GC.Collect(); _ = Lives(w); }
        }
        """ + Around);

    [Fact]
    public Task Fix_of_a_temporary() => Verify<WREF801_CollectionAsserted, WREF801_CreateElsewhere>.Fix("""
        class Tests
        {
            static Node Create() => new Node();

            [Fact]
            public void Returned()
            {
                var w = new WeakReference(Create());
                GC.Collect();
                Assert.False([|w.IsAlive|]);
            }
        }
        """ + Around, """
        class Tests
        {
            static Node Create() => new Node();

            [Fact]
            public void Returned()
            {
                var w = CreateObject();
                GC.Collect();
                Assert.False(w.IsAlive);

                [MethodImpl(MethodImplOptions.NoInlining)]
                static WeakReference CreateObject()
                {
                    var w = new WeakReference(Create());
                    return w;
                }
            }
        }
        """ + Around);
}
