namespace WeakRefAnalyzers.Tests;

public class WREF604_HashOfWeakTargetTests
{
    [Fact]
    public Task EveryWayToReadIt() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class Try { WeakReference<object> _w; public override int GetHashCode() => [|_w.TryGetTarget(out var target)|] ? target.GetHashCode() : 0; }
        class Coalesced { WeakReference _w; public override int GetHashCode() => [|_w.Target|]?.GetHashCode() ?? 0; }
        class Block { WeakReference _w; public override int GetHashCode() { var target = [|_w.Target|]; if (target == null) return 0; return target.GetHashCode(); } }
        class Pattern { WeakReference _w; public override int GetHashCode() { if ([|_w.Target|] is { } target) return target.GetHashCode(); return base.GetHashCode(); } }
        class Runtime { WeakReference _w; public override int GetHashCode() => RuntimeHelpers.GetHashCode([|_w.Target|]); }
        class Combined { WeakReference _w; int _id; public override int GetHashCode() => HashCode.Combine(_id, [|_w.Target|]); }
        class Two { WeakReference _a; WeakReference _b; public override int GetHashCode() => HashCode.Combine([|_a.Target|], _b.Target); }
        class Compared { WeakReference<string> _w; public override int GetHashCode() => [|_w.TryGetTarget(out var target)|] ? StringComparer.Ordinal.GetHashCode(target) : -1; }
        class Derived : WeakReference { Derived(object o) : base(o) { } public override int GetHashCode() => [|Target|]?.GetHashCode() ?? 0; }
        class Wrapped { WeakReference _w; object Inner => _w.Target; public override int GetHashCode() => [|Inner|]?.GetHashCode() ?? 0; }
        class Ours { WeakRef<object> _w; public override int GetHashCode() => [|_w.Deref()|]?.GetHashCode() ?? 0; }
        class OursTry { WeakRef<object> _w; public override int GetHashCode() => [|_w.TryGetTarget(out var target)|] ? target.GetHashCode() : 0; }
        struct Key { WeakReference _w; public override int GetHashCode() => [|_w.Target|]?.GetHashCode() ?? 0; }
        class Comparer : IEqualityComparer<WeakReference> { public bool Equals(WeakReference x, WeakReference y) => x.Target == y.Target; public int GetHashCode(WeakReference w) => [|w.Target|]?.GetHashCode() ?? 0; }
        class Explicit : IEqualityComparer<WeakReference<string>>
        {
            bool IEqualityComparer<WeakReference<string>>.Equals(WeakReference<string> x, WeakReference<string> y) => false;
            int IEqualityComparer<WeakReference<string>>.GetHashCode(WeakReference<string> w) => [|w.TryGetTarget(out var text)|] ? text.GetHashCode() : 0;
        }
        class Over : EqualityComparer<WeakReference> { public override bool Equals(WeakReference x, WeakReference y) => false; public override int GetHashCode(WeakReference w) { var target = [|w.Target|]; return target is null ? 0 : target.GetHashCode(); } }
        """);

    [Fact]
    public Task Annotated() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class Own { [WeakRefs.Annotations.WeakRead] public object Value => null; }
        class Key { Own _own; public override int GetHashCode() => [|_own.Value|]?.GetHashCode() ?? 0; }
        """);

    [Fact]
    public Task SilentWhereTheHashIsKept() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class Kept { WeakReference _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Kept k && k._w.Target == _w.Target; }
        class Fallback { WeakReference _w; int _hash; public override int GetHashCode() { if (_w.Target is { } target) return target.GetHashCode(); return _hash; } }
        class Choice { WeakReference<object> _w; int Hash { get; set; } public override int GetHashCode() => _w.TryGetTarget(out var target) ? target.GetHashCode() : Hash; }
        class Other { WeakReference _w; int _hash; public override int GetHashCode() => _w.Target?.GetHashCode() ?? _hash; }
        class Lazily { WeakReference _w; int? _hash; public override int GetHashCode() { _hash ??= _w.Target?.GetHashCode() ?? 0; return _hash.Value; } }
        class Filled { WeakReference _w; int _hash; public override int GetHashCode() { if (_hash == 0) { _hash = RuntimeHelpers.GetHashCode(_w.Target); } return _hash; } }
        class Atomic { WeakReference _w; int _hash; public override int GetHashCode() { Interlocked.CompareExchange(ref _hash, RuntimeHelpers.GetHashCode(_w.Target), 0); return _hash; } }
        class Throws { WeakReference<object> _w; public override int GetHashCode() => _w.TryGetTarget(out var target) ? target.GetHashCode() : throw new InvalidOperationException(); }
        """);

    [Theory]
    [InlineData(
        "void Sweep() { var alive = new Dictionary<WeakReference, int>(_by); foreach (var e in _all) if "
            + "(e.Key.IsAlive) alive.Add(e.Key, e.Value); _all = alive; }", false)]
    [InlineData("void Sweep() { foreach (var key in _all.Keys.ToList()) if (!key.IsAlive) _all.Remove(key); }", true)]
    [InlineData("void Reset() { _all = null; }", true)]
    public Task OfACollectionThatIsRebuiltOfTheLiving(string member, bool isReported) => Verify<WREF604_HashOfWeakTarget>.Diagnostics($$"""
        class Table
        {
            class By : IEqualityComparer<WeakReference>
            {
                public bool Equals(WeakReference x, WeakReference y) { var t = x.Target; return t != null && t == y.Target; }
                public int GetHashCode(WeakReference w) { var t = {{(isReported ? "[|w.Target|]" : "w.Target")}}; return t == null ? RuntimeHelpers.GetHashCode(w) : RuntimeHelpers.GetHashCode(t); }
            }
            static readonly By _by = new By();
            Dictionary<WeakReference, int> _all = new Dictionary<WeakReference, int>(_by);
            {{member}}
        }
        """);

    [Fact]
    public Task SilentWhereItIsNoHashOrNoWeakTarget() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class Probe { WeakReference _w; int _id; public override int GetHashCode() => _w.IsAlive ? 1 : 0; }
        class Strong { Func<object> _f; public override int GetHashCode() => _f.Target?.GetHashCode() ?? 0; }
        class Method { WeakReference _w; int ComputeHash() => _w.Target?.GetHashCode() ?? 0; public int GetHashCode(bool deep) => _w.Target?.GetHashCode() ?? 0; }
        class Unchecked { WeakReference _w; public override int GetHashCode() => _w.Target.GetHashCode(); }
        class Ignored { WeakReference<object> _w; public override int GetHashCode() { _w.TryGetTarget(out var target); return target.GetHashCode(); } }
        class Comparer : IEqualityComparer<string> { WeakReference _seed; public bool Equals(string x, string y) => x == y; public int GetHashCode(string s) => s.Length + (_seed.Target is null ? 0 : 1); }
        """);

    [Fact]
    public Task NoDeadKeyIsEqualToItself() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class Try { WeakReference<object> _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Try t && [|_w.TryGetTarget(out var mine)|] && t._w.TryGetTarget(out var theirs) && mine == theirs; }
        class Pattern { WeakReference _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Pattern p && [|_w.Target|] is { } mine && ReferenceEquals(mine, p._w.Target); }
        class Block : IEquatable<Block>
        {
            WeakReference<string> _w; int _hash;
            public override int GetHashCode() => _hash;
            public override bool Equals(object o) => Equals(o as Block);
            public bool Equals(Block other)
            {
                if (other is null || ![|_w.TryGetTarget(out var mine)|]) return false;
                return other._w.TryGetTarget(out var theirs) && mine == theirs;
            }
        }
        class Null { WeakReference _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) { var mine = [|_w.Target|]; if (mine == null) return false; return o is Null n && mine.Equals(n._w.Target); } }
        class Ours { WeakRef<object> _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Ours t && [|_w.Deref()|] is { } mine && mine == t._w.Deref(); }
        class Comparer : IEqualityComparer<WeakReference<string>> { public bool Equals(WeakReference<string> x, WeakReference<string> y) => [|x.TryGetTarget(out var a)|] && y.TryGetTarget(out var b) && a == b; public int GetHashCode(WeakReference<string> w) => 1; }
        """);

    [Fact]
    public Task SilentWhereADeadKeyIsEqualToItself() => Verify<WREF604_HashOfWeakTarget>.Diagnostics("""
        class First { WeakReference<object> _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => ReferenceEquals(this, o) || (o is First t && _w.TryGetTarget(out var mine) && t._w.TryGetTarget(out var theirs) && mine == theirs); }
        class Early { WeakReference<object> _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) { if (this == o) return true; return o is Early t && _w.TryGetTarget(out var mine) && t._w.TryGetTarget(out var theirs) && mine == theirs; } }
        class Nulls { WeakReference _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Nulls n && _w.Target == n._w.Target; }
        class Envelope { WeakReference _w; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) { var target = _w.Target; return target != null && target.Equals(o); } }
        class Deaf { WeakReference<object> _w; public bool Equals(Deaf t, bool deep) => _w.TryGetTarget(out var mine) && t._w.TryGetTarget(out var theirs) && mine == theirs; }
        class Comparer : IEqualityComparer<WeakReference> { public bool Equals(WeakReference x, WeakReference y) => x == y || (x.Target is { } a && a == y.Target); public int GetHashCode(WeakReference w) => 1; }
        """);

    [Fact]
    public Task MessageNamesTypeAndRead() => Verify<WREF604_HashOfWeakTarget>.Diagnostics(
        """
        class Key { WeakReference _target; public override int GetHashCode() => {|#0:_target.Target|}?.GetHashCode() ?? 0; }
        class Comparer : IEqualityComparer<WeakReference> { public bool Equals(WeakReference x, WeakReference y) => false; public int GetHashCode(WeakReference weak) => {|#1:weak.Target|}?.GetHashCode() ?? 0; }
        class Equal { WeakReference<object> _target; int _hash; public override int GetHashCode() => _hash; public override bool Equals(object o) => o is Equal e && {|#2:_target.TryGetTarget(out var mine)|} && e._target.TryGetTarget(out var theirs) && mine == theirs; }
        """,
        Verify<WREF604_HashOfWeakTarget>.Diagnostic().WithLocation(0)
            .WithArguments("hash code", "Key", "_target.Target", "compute it once, while the target is there, and keep it"),
        Verify<WREF604_HashOfWeakTarget>.Diagnostic().WithLocation(1)
            .WithArguments("hash code", "WeakReference", "weak.Target", "compute it once, while the target is there, and keep it"),
        Verify<WREF604_HashOfWeakTarget>.Diagnostic().WithLocation(2).WithArguments("equality", "Equal",
            "_target.TryGetTarget(out var mine)", "compare the references first: a dead key has to be equal to itself"));

    [Fact]
    public Task BrokenCode() => Verify<WREF604_HashOfWeakTarget>.Diagnostics(
        """
        class Half { WeakReference _w; public override int GetHashCode() => [|_w.Target|]?. }
        class Missing { Unknown _w; public override int GetHashCode() => _w.Target?.GetHashCode() ?? 0; }
        class Untyped { WeakReference _w; public override GetHashCode() => _w.Target?.GetHashCode() ?? 0; }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixKeepsTheHashAndTrivia() => Verify<WREF604_HashOfWeakTarget, WREF604_KeepHash>.Fix(
        """
        using System;
        using System.Runtime.CompilerServices;

        // a key
        class Key
        {
            private readonly WeakReference _target; // weak

            public Key(object target)
            {
                // made here
                _target = new WeakReference(target); // and held
            }

            // the hash
            public override int GetHashCode()
            {
                return [|_target.Target|]?.GetHashCode() ?? 0;
            }
        }

        class Identity
        {
            private readonly WeakReference _target;

            public Identity(object target) => _target = new WeakReference(target);

            public override int GetHashCode() => RuntimeHelpers.GetHashCode([|_target.Target|]); // by identity
        }
        """,
        """
        using System;
        using System.Runtime.CompilerServices;

        // a key
        class Key
        {
            private readonly WeakReference _target; // weak
            private readonly int _hash;

            public Key(object target)
            {
                // made here
                _target = new WeakReference(target); // and held
                _hash = target?.GetHashCode() ?? 0;
            }

            // the hash
            public override int GetHashCode()
            {
                return _hash;
            }
        }

        class Identity
        {
            private readonly WeakReference _target;
            private readonly int _hash;

            public Identity(object target)
            {
                _target = new WeakReference(target);
                _hash = RuntimeHelpers.GetHashCode(target);
            }

            public override int GetHashCode() => _hash; // by identity
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixWhereTheTargetIsNotTheConstructors() => Verify<WREF604_HashOfWeakTarget, WREF604_KeepHash>.NoFix("""
        class Set { WeakReference<object> _w = new(null); public void Set_(object o) => _w.SetTarget(o); public override int GetHashCode() => [|_w.TryGetTarget(out var target)|] ? target.GetHashCode() : 0; }
        class Several { WeakReference _w; Several(object o) { _w = new WeakReference(o); } Several(string s) { _w = new WeakReference(s); } public override int GetHashCode() => [|_w.Target|]?.GetHashCode() ?? 0; }
        class Combined { WeakReference _w; Combined(object o) { _w = new WeakReference(o); } public override int GetHashCode() => HashCode.Combine(1, [|_w.Target|]); }
        class Comparer : IEqualityComparer<WeakReference> { public bool Equals(WeakReference x, WeakReference y) => false; public int GetHashCode(WeakReference w) => [|w.Target|]?.GetHashCode() ?? 0; }
        """);

    [Fact]
    public Task FixComparesFirstAndKeepsTrivia() => Verify<WREF604_HashOfWeakTarget, WREF604_KeepHash>.Fix(
        """
        class Key
        {
            private readonly WeakReference<object> _w;
            private readonly int _hash;

            public override int GetHashCode() => _hash;

            // by target
            public override bool Equals(object other) => other is Key key && [|_w.TryGetTarget(out var mine)|] && key._w.TryGetTarget(out var theirs) && mine == theirs; // or not
        }

        class Name : IEquatable<Name>
        {
            private readonly WeakReference<string> _w;
            private readonly int _hash;

            public override int GetHashCode() => _hash;

            public override bool Equals(object other) => Equals(other as Name);

            public bool Equals(Name other)
            {
                // both alive
                if (other is null || ![|_w.TryGetTarget(out var mine)|])
                {
                    return false;
                }

                return other._w.TryGetTarget(out var theirs) && mine == theirs;
            }
        }
        """,
        """
        class Key
        {
            private readonly WeakReference<object> _w;
            private readonly int _hash;

            public override int GetHashCode() => _hash;

            // by target
            public override bool Equals(object other) => ReferenceEquals(this, other) || other is Key key && _w.TryGetTarget(out var mine) && key._w.TryGetTarget(out var theirs) && mine == theirs; // or not
        }

        class Name : IEquatable<Name>
        {
            private readonly WeakReference<string> _w;
            private readonly int _hash;

            public override int GetHashCode() => _hash;

            public override bool Equals(object other) => Equals(other as Name);

            public bool Equals(Name other)
            {
                if (ReferenceEquals(this, other))
                {
                    return true;
                }

                // both alive
                if (other is null || !_w.TryGetTarget(out var mine))
                {
                    return false;
                }

                return other._w.TryGetTarget(out var theirs) && mine == theirs;
            }
        }
        """);
}
