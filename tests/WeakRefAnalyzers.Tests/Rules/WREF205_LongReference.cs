namespace WeakRefAnalyzers.Tests;

public class WREF205_LongReferenceTests
{
    [Fact]
    public Task EveryKindOfLongReference() => Verify<WREF205_LongReference>.Diagnostics("""
        class C
        {
            void M(object target)
            {
                _ = new WeakReference(target, [|true|]);
                _ = new WeakReference<object>(target, [|true|]);
                _ = new WeakReference<object>([|trackResurrection: true|], target: target);
                _ = GCHandle.Alloc(target, [|GCHandleType.WeakTrackResurrection|]);
                WeakReference<object> w = new(target, [|true|]);
            }
        }
        """);

    [Fact]
    public Task ShortReferencesAndUnknownValuesAreSilent() => Verify<WREF205_LongReference>.Diagnostics("""
        class C
        {
            void M(object target, bool track, GCHandleType kind)
            {
                _ = new WeakReference(target);
                _ = new WeakReference(target, false);
                _ = new WeakReference<object>(target, track);
                _ = GCHandle.Alloc(target, GCHandleType.Weak);
                _ = GCHandle.Alloc(target, GCHandleType.Normal);
                _ = GCHandle.Alloc(target, kind);
                _ = new WeakRef<object>(target);
                _ = new Other(target, true);
            }
        }

        class Other
        {
            public Other(object target, bool trackResurrection) => Target = trackResurrection ? target : null;

            public object Target { get; }
        }
        """);

    [Fact]
    public Task KeysThatMustMatchUntilTheTargetIsGone() => Verify<WREF205_LongReference>.Diagnostics("""
        class Key
        {
            readonly WeakReference _target;
            readonly int _hash;

            public Key(object target)
            {
                _target = new WeakReference(target, true);
                _hash = RuntimeHelpers.GetHashCode(target);
            }

            public override int GetHashCode() => _hash;

            public override bool Equals(object other) => other is Key key && _target.Target is { } target && target == key._target.Target;
        }
        """);

    [Fact]
    public Task TestsWaitUntilTheTargetIsGone() => Verify<WREF205_LongReference>.Diagnostics("""
        class FactAttribute : Attribute { }

        class Tests
        {
            [Fact]
            public void M() => Check(new WeakReference(new object(), true));

            void Check(WeakReference weak) { }
        }
        """);

    [Fact]
    public Task MessageNamesTargetAndArgument() => Verify<WREF205_LongReference>.Diagnostics(
        """
        class C
        {
            WeakReference M(object target) => new(target, {|#0:trackResurrection: true|});
        }
        """,
        Verify<WREF205_LongReference>.Diagnostic().WithLocation(0).WithArguments("target", "trackResurrection: true"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF205_LongReference, WREF205_DropTracking>.Fix(
        """
        using System;

        class C
        {
            WeakReference<string> _field;

            void M(string target)
            {
                _field = new WeakReference<string>(target, [|true|]);
            }
        }
        """,
        """
        using System;

        class C
        {
            WeakReference<string> _field;

            void M(string target)
            {
                _field = new WeakReference<string>(target);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF205_LongReference>.Diagnostics(
        """
        class C
        {
            void M(object target)
            {
                _ = new WeakReference(target, tru);
                _ = new WeakReference(, true);
                _ = new WeakReference(target, [|true|]
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixDropsTheArgument() => Verify<WREF205_LongReference, WREF205_DropTracking>.Fix(
        """
        class C
        {
            object M(object target) => new WeakReference<object>(target, [|true|]);
            object N(object target) => GCHandle.Alloc(target, [|GCHandleType.WeakTrackResurrection|]);
        }
        """,
        """
        class C
        {
            object M(object target) => new WeakReference<object>(target);
            object N(object target) => GCHandle.Alloc(target, GCHandleType.Weak);
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF205_LongReference, WREF205_DropTracking>.Fix(
        """
        class C
        {
            object M(object target) => GCHandle.Alloc( // of the cache
                target,
                /* kind */ [|GCHandleType.WeakTrackResurrection|] /* end */);
        }
        """,
        """
        class C
        {
            object M(object target) => GCHandle.Alloc( // of the cache
                target,
                /* kind */ GCHandleType.Weak /* end */);
        }
        """);

    [Fact]
    public Task NoFixForAConstantOrAComment() => Verify<WREF205_LongReference, WREF205_DropTracking>.NoFix("""
        class C
        {
            const bool Track = true;

            object Commented(object target) => new WeakReference(target, /* while finalized */ [|true|]);

            object M(object target) => new WeakReference<object>(target, [|Track|]);
        }
        """);
}
