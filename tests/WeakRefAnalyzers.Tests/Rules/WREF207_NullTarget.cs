namespace WeakRefAnalyzers.Tests;

public class WREF207_NullTargetTests
{
    [Fact]
    public Task EveryWayToHoldIt() => Verify<WREF207_NullTarget>.Diagnostics("""
        class Created { readonly WeakReference _w; Created(Action a) { _w = new WeakReference([|a.Target|]); } }
        class Generic { readonly WeakReference<object> _w; Generic(Action<int> a) => _w = new([|a.Target|]); }
        class Base { readonly WeakReference _w; Base(Delegate d) { _w = new WeakReference([|d.Target|], false); } }
        class Multicast { readonly WeakReference _w; Multicast(MulticastDelegate d) { _w = new WeakReference([|d.Target|]); } }
        class Event { readonly WeakReference _w; Event(EventHandler e) { _w = new WeakReference([|e.Target|]); } }
        class Cast { readonly WeakReference<Cast> _w; Cast(Action a) { _w = new WeakReference<Cast>([|(Cast)a.Target|]); } }
        class As { readonly WeakReference<As> _w; As(Action a) { _w = new WeakReference<As>([|a.Target as As|]); } }
        class OfGeneric<T> where T : Delegate { readonly WeakReference _w; OfGeneric(T d) { _w = new WeakReference([|d.Target|]); } }
        class Local { readonly WeakReference _w; Local(Action a) { var target = a.Target; _w = new WeakReference([|target|]); } }
        class Loop { void M(List<WeakReference> list, EventHandler e) { foreach (var one in e.GetInvocationList()) list.Add(new WeakReference([|one.Target|])); } }
        class Set { readonly WeakReference _w = new(null); void M(Action a) { _w.Target = [|a.Target|]; } }
        class SetTarget { readonly WeakReference<object> _w = new(null); void M(Action a) { _w.SetTarget([|a.Target|]); } }
        class Handle { GCHandle _w; void M(Action a) { _w = GCHandle.Alloc([|a.Target|], GCHandleType.Weak); } void Free() => _w.Free(); }
        class Ours { readonly WeakRef<object> _w; Ours(Action a) { _w = new WeakRef<object>([|a.Target|]); } }
        class Factory { readonly WeakRef<object> _w; Factory(Action a) { _w = WeakRef.Create([|a.Target|]); } }
        """);

    [Fact]
    public Task Annotated() => Verify<WREF207_NullTarget>.Diagnostics("""
        #nullable enable
        class Wrapper { public Wrapper([WeakRefs.Annotations.WeakTarget] object target) { } public bool IsAlive => true; }
        class Tolerant { public Tolerant([WeakRefs.Annotations.WeakTarget] object? target) { } }
        class C { void M(Action a) { _ = new Wrapper([|a.Target|]!); _ = new Tolerant(a.Target); } }
        """);

    [Fact]
    public Task SilentWhereNullIsAsked() => Verify<WREF207_NullTarget>.Diagnostics("""
        class Pattern { readonly WeakReference _w; Pattern(Action a) { _w = a.Target is { } target ? new WeakReference(target) : null; } }
        class Compared { readonly WeakReference _w; Compared(Action a) { if (a.Target != null) _w = new WeakReference(a.Target); } }
        class Reversed { readonly WeakReference _w; Reversed(Action a) { if (null == a.Target) throw new Exception(); _w = new WeakReference(a.Target); } }
        class Elsewhere { readonly WeakReference _w; readonly bool _always; Elsewhere(Action a) { _w = new WeakReference(a.Target); _always = a.Target is null; } }
        class Behind { readonly WeakReference _w; readonly bool _always; Behind(Action a) { _w = new WeakReference(a.Target); _always = a?.Target is null; } }
        class Local { readonly WeakReference _w; Local(Action a) { var target = a.Target; if (target == null) return; _w = new WeakReference(target); } }
        class Coalesced { readonly WeakReference _w; static readonly object s_none = new object(); Coalesced(Action a) { _w = new WeakReference(a.Target ?? s_none); } }
        class Conditional { readonly WeakReference _w; readonly Type _type; Conditional(Action a) { _w = new WeakReference(a.Target); _type = a.Target?.GetType(); } }
        class Parameter { readonly WeakReference _w; Parameter(Action a) { ArgumentNullException.ThrowIfNull(a.Target); _w = new WeakReference(a.Target); } }
        class OwnName { readonly WeakReference _w; readonly bool _isStaticHandler; OwnName(Action a, bool isStatic) { _w = new WeakReference(a.Target); _isStaticHandler = isStatic; } }
        class NameBegins { readonly WeakReference _w; Action<object> staticForm; NameBegins(Action a) { _w = new WeakReference(a.Target); } }
        """);

    [Fact]
    public Task SilentWhereStaticMethodsAreKnown() => Verify<WREF207_NullTarget>.Diagnostics("""
        class Made
        {
            readonly WeakReference<object> _target;
            public Made(Action a) { _target = new WeakReference<object>(a.Target); }
        }
        class Makes { object Make(Action a) => a.Method.IsStatic ? a : new Made(a); }
        class Stranger { readonly WeakReference<object> _target; public Stranger(Action a) { _target = new WeakReference<object>([|a.Target|]); } }
        class Weak
        {
            readonly WeakReference<object> _target;
            readonly System.Reflection.MethodInfo _method;
            public Weak(Action a) { _target = new WeakReference<object>(a.Target); _method = a.Method; }
            public bool Invoke() { if (_method.IsStatic) { _method.Invoke(null, null); return true; } return _target.TryGetTarget(out var t) && _method.Invoke(t, null) is null; }
        }
        """);

    [Fact]
    public Task SilentWhereItIsNoDelegateOrKnown() => Verify<WREF207_NullTarget>.Diagnostics("""
        class Other { public object Target { get; set; } }
        class C
        {
            void Instance() { }

            void M(Other other, WeakReference weak, Action a)
            {
                _ = new WeakReference(other.Target);
                _ = new WeakReference(weak.Target);
                _ = new WeakReference(a);
                _ = new WeakReference(a.Method);
                Action own = Instance;
                _ = new WeakReference(own.Target);
                _ = GCHandle.Alloc(a.Target);
            }
        }
        """);

    [Fact]
    public Task MessageSaysWhatHappens() => Verify<WREF207_NullTarget>.Diagnostics(
        """
        class C
        {
            void M(Action action, WeakReference weak) { weak.Target = {|#0:action.Target|}; _ = new WeakRef<object>({|#1:action.Target|}); }
        }
        """,
        Verify<WREF207_NullTarget>.Diagnostic().WithLocation(0)
            .WithArguments("action.Target", "the weak reference is empty from the start, and a live handler looks dead"),
        Verify<WREF207_NullTarget>.Diagnostic().WithLocation(1).WithArguments("action.Target", "a WeakRef of null throws"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF207_NullTarget>.Diagnostics(
        """
        using System;

        class WeakAction
        {
            private readonly WeakReference _target;

            public WeakAction(Action action) { _target = new WeakReference([|action.Target|]); }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task SilentOutsideOfTypes() => Verify<WREF207_NullTarget>.Diagnostics(
        "Action a = Console.WriteLine; var weak = new WeakReference(a.Target); static WeakReference Of(Action a) => new(a.Target);",
        new Options { CompilerErrors = true });

    [Fact]
    public Task BrokenCode() => Verify<WREF207_NullTarget>.Diagnostics(
        """
        class C
        {
            void M(Action a, Missing m)
            {
                _ = new WeakReference(a.);
                _ = new WeakReference(m.Target);
                _ = new WeakReference(a.Target, );
                _ = new WeakReference<Missing>(Target);
                _ = new WeakReference([|a.Target|]
            }
        """,
        new Options { CompilerErrors = true });
}
