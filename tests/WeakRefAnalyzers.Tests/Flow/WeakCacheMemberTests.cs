namespace WeakRefAnalyzers.Tests;

/// <summary>
/// Every member of <c>WeakCache</c> that takes or gives a value plays the role that <c>Set</c>, <c>GetOrAdd</c> or <c>TryGet</c> plays.
/// </summary>
public class WeakCacheMemberTests
{
    private const string Foo = """

        class Foo { public int Id; public string Name = ""; public void Close() { } }
        """;

    [Fact]
    public Task WhatALookupGivesIsRead() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakCache<string, Foo> _c;

            void Get() { _c.TryGetValue("a", out var foo); [|foo.Close()|]; }
            void Old() { _c.TryGet("a", out var foo); [|foo.Close()|]; }
            void Remove() { _c.TryRemove("a", out var foo); [|foo.Close()|]; }
            void WrongBranch() { if (!_c.TryGetValue("a", out var foo)) [|foo.Close()|]; }
            void Right() { if (_c.TryGetValue("a", out var foo)) foo.Close(); }
            void RightRemove() { if (_c.TryRemove("a", out var foo)) foo.Close(); }
            void Made() { _c.GetOrAdd("a", _ => new Foo()).Close(); }
            void MadeOf(int id) { _c.GetOrAdd("a", static (_, id) => new Foo { Id = id }, id).Close(); }
            async Task Awaited() => (await _c.GetOrAddAsync("a", _ => Task.FromResult(new Foo()))).Close();
        }
        """ + Foo);

    [Fact]
    public Task WhatAnAlternateLookupGivesIsRead() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakCache<Uri, Foo> _c;

            void Get() { _c.GetAlternateLookup<string>().TryGetValue("a", out var foo); [|foo.Close()|]; }
            void Remove() { _c.GetAlternateLookup<string>().TryRemove("a", out var foo); [|foo.Close()|]; }
            void Right() { if (_c.GetAlternateLookup<string>().TryGetValue("a", out var foo)) foo.Close(); }
        }
        """ + Foo);

    [Fact]
    public Task WrappersOfALookupAreRead() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakCache<string, Foo> _c;
            Foo Find(string key) => _c.TryGetValue(key, out var foo) ? foo : null;
            Foo Take(string key) { return _c.TryRemove(key, out var foo) ? foo : null; }

            void A() { [|Find("a").Close()|]; }
            void B() { [|Take("a").Close()|]; }
            void S() { Find("a")?.Close(); }
            Foo Find2(string key) => _c.TryGet(key, out var foo) ? foo : null;
            void D() { [|Find2("a").Close()|]; }
        }
        """ + Foo);

    [Fact]
    public Task AKeyThatLeadsToItsValue() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class Key { readonly Foo _foo; public Key(Foo foo) { _foo = foo; } }
        class C
        {
            WeakCache<Foo, Foo> _same;
            WeakCache<Key, Foo> _keys;
            WeakCache<int, Foo> _ids;

            void A(Foo foo) { _same.TryAdd([|foo|], foo); }
            void B(Foo foo) { _keys.TryAdd([|new Key(foo)|], foo); }
            void Argument(Foo foo) { _same.GetOrAdd([|foo|], static (_, value) => value, foo); }
            void KeyOfTwo(Foo foo, int i) { _same.GetOrAdd([|foo|], static (key, _) => key, i); }
            void ArgumentOfKey(Foo foo) { _keys.GetOrAdd([|new Key(foo)|], static (_, value) => value, foo); }
            Task Async(Foo foo) => _same.GetOrAddAsync([|foo|], static key => Task.FromResult(key));
            Task AsyncLambda(Foo foo) => _same.GetOrAddAsync([|foo|], static async key => key);
            Task Captured(Foo foo) => _keys.GetOrAddAsync([|new Key(foo)|], _ => Task.FromResult(foo));
            void S1(Foo foo) { _ids.TryAdd(foo.Id, foo); }
            void S2(Foo foo) { _same.GetOrAdd(foo, static (_, id) => new Foo { Id = id }, foo.Id); }
            Task S3(Foo foo) => _ids.GetOrAddAsync(foo.Id, _ => Task.FromResult(foo));
            void S4(Foo foo, Foo other) { _same.GetOrAdd(foo, static (_, value) => value, other); }
            void S5(Foo foo) { _same.TryRemove(foo, foo); }
        }
        """ + Foo);

    [Fact]
    public Task AValueNobodyHolds() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            readonly WeakCache<int, Foo> _none = new();
            readonly WeakCache<int, Foo> _ten = new(10);

            void A() { _none.TryAdd(1, [|new Foo()|]); }
            void S1() { _ten.TryAdd(1, new Foo()); }
            Foo S2() => _none.GetOrAdd(1, static (_, _) => new Foo(), 2);
            Task<Foo> S3() => _none.GetOrAddAsync(1, _ => Task.FromResult(new Foo()));
        }
        """ + Foo);
}
