namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>Sources that people rarely write and tools often meet.</summary>
internal static class Odd
{
    public static IReadOnlyDictionary<string, string> Sources { get; } = new Dictionary<string, string>
    {
        ["Nothing"] = "",
        ["OnlyTrivia"] = "// a comment\n#region R\n#endregion\n",
        ["UnterminatedEverything"] = "class C { void M() { var w = new WeakReference(\"abc",
        ["TopLevelStatements"] = """
            var w = new WeakReference(new object());
            if (w.IsAlive) Console.WriteLine(w.Target.ToString());
            var reg = new FinalizationRegistry<object>(_ => Console.WriteLine(w));
            reg.Register(w, w);
            GC.Collect();
            Console.WriteLine(w.Target == null);
            return;
            static void Local() => new WeakReference<string>("x").TryGetTarget(out var y);
            """,
        ["PropertyAndFieldInitializers"] = """
            class C
            {
                static readonly WeakReference S = new(new object());
                WeakReference<object> W { get; set; } = new(new object());
                string T = new WeakReference("").Target.ToString();
                int this[int i] => ((string)S.Target).Length;
                event Action E { add { S.Target = value; } remove { S.Target.GetHashCode(); } }
                public static implicit operator string(C c) => (string)S.Target;
                public static C operator +(C a, C b) => (C)S.Target;
                C() : this(S.Target.ToString()) { }
                C(string s) { }
                ~C() => S.Target = this;
            }
            """,
        ["Generics"] = """
            class C<T> where T : class
            {
                WeakReference<T> w;
                U M<U>(T t) where U : class, T => w.TryGetTarget(out var x) ? (U)x : default;
                void N<V>(V v) { new WeakReference(v); new WeakReference<C<V>>(null); }
                class D<U> : C<D<U>> { ~D() { w.TryGetTarget(out var self); self.ToString(); } }
            }
            """,
        ["RecursiveGenerics"] = """
            class A<T> : A<A<A<T>>> { WeakReference<A<T>> W; ~A() { W.TryGetTarget(out var a); a.W = null; } }
            class B : B { ~B() { M(); } void M() => M(); }
            interface I : I { WeakReference W { get; } }
            struct S { S s; ~S() { } }
            """,
        ["DuplicateDeclarations"] = """
            class C { WeakReference w; WeakReference w; void M() { w.Target.ToString(); } void M() { w.Target.ToString(); } ~C() { } ~C() { M(); } }
            class C { ~C() { w.Target = this; } }
            """,
        ["UnknownTypes"] = """
            class C : Missing<Gone>
            {
                WeakReference<Gone> w = new WeakReference<Gone>(new Gone(this));
                Absent<WeakReference> x;
                ~C() { w.TryGetTarget(out Gone g); g.Do(); x.Target.Y(); base.Finalize(); Unknown(this); this.z.Dispose(); }
                void M() { var reg = new FinalizationRegistry<Gone>(g => w = g); reg.Register(nothing, nobody); GCHandle.Alloc(q, GCHandleType.Huh); }
            }
            """,
        ["WrongArguments"] = """
            class C
            {
                void M(WeakReference w, WeakReference<C> g)
                {
                    new WeakReference(); new WeakReference(1, 2, 3, 4); new WeakReference<C>(); new WeakReference<C>(target: this, target: this);
                    w.Target(); w.IsAlive(); g.TryGetTarget(); g.TryGetTarget(1); g.TryGetTarget(out w); g.TryGetTarget(out var a, out var b);
                    GCHandle.Alloc(); GCHandle.Alloc(this, this); new FinalizationRegistry<int>(); new FinalizationRegistry<int>(5).Register(this);
                    new DependentHandle(); new ConditionalWeakTable<C>().Add(this); GC.KeepAlive(); GC.Collect("x");
                    w.Target = ; w.Target += this; w.Target++; (w.Target, w.Target) = (this, this); ref var r = ref w.Target;
                }
            }
            """,
        ["Iterators"] = """
            class C
            {
                WeakReference<C> w;
                IEnumerable<C> M() { if (w.TryGetTarget(out var c)) { yield return c; } GC.Collect(); yield return c; foreach (var x in (IEnumerable<C>)new WeakReference(this).Target) yield break; }
                async IAsyncEnumerable<C> N() { await Task.Yield(); w.TryGetTarget(out var c); yield return c.w == null ? this : c; }
                async void P() { using var h = new WeakHandleLike(); await foreach (var c in N()) c.P(); }
                ref struct WeakHandleLike { public void Dispose() { } }
            }
            """,
        ["UnsafeAndPointers"] = """
            unsafe class C
            {
                IntPtr h; delegate*<IntPtr, void> free; void* p;
                [DllImport("n")] static extern void Free(IntPtr h); [DllImport("n")] static extern void Use(void* p);
                void M() { fixed (int* q = new int[1]) { Use(q); } Use(p); free(h); var handle = GCHandle.FromIntPtr((IntPtr)p); ((C)handle.Target).M(); }
                ~C() { Free(h); free(h); free = null; }
            }
            """,
        ["GotoAndLabels"] = """
            class C
            {
                void M(WeakReference w)
                {
                    again: if (!w.IsAlive) goto done;
                    switch (w.Target) { case string s: goto case null; case null: goto again; case C c when c == w.Target: goto default; default: w.Target.ToString(); break; }
                    for (;;) { try { w.Target.ToString(); continue; } catch (Exception e) when (w.Target == null) { break; } finally { w.Target.ToString(); } }
                    done: return;
                }
            }
            """,
        ["UnreachableCode"] = """
            class C
            {
                void M(WeakReference w) { return; w.Target.ToString(); while (true) { } GC.Collect(); }
                void N(WeakReference w) { throw null; if (w.IsAlive) w.Target.ToString(); }
                ~C() { while (true) { } throw new Exception(); }
            }
            """,
        ["DynamicAndExpressionTrees"] = """
            class C
            {
                dynamic d; System.Linq.Expressions.Expression<Func<WeakReference, string>> e = w => w.Target.ToString();
                void M(WeakReference w) { d = w.Target; d.Target.ToString(); new WeakReference(d); ((dynamic)w).Target.Foo(); d.Register(this, this); GCHandle.Alloc(d, d); }
            }
            """,
        ["NestedFunctions"] = """
            class C
            {
                object M(WeakReference w)
                {
                    Func<Func<Func<object>>> f = () => () => () => w.Target;
                    object L1() { return L2(); object L2() { return L3(); object L3() => L1() ?? w.Target.ToString(); } }
                    Action a = null; a = () => { a(); var o = new C(); var reg = new FinalizationRegistry<int>(_ => o.M(w)); reg.Register(o, 1); a += delegate { o = null; }; };
                    return f()()().ToString() + L1();
                }
            }
            """,
        ["Patterns"] = """
            class C
            {
                C Next; WeakReference w; WeakReference<C> g;
                int M(object o) => o switch { WeakReference { IsAlive: true, Target: C { Next.Next: { } n } } => n.M(n), WeakReference { Target: null } => 0, (WeakReference a, WeakReference b) => 1, _ => 2 };
                bool N() => w is { Target: C { w: { Target: string { Length: > 3 and < 5 } } } } and not { IsAlive: false } || g.TryGetTarget(out var c) is true && c is { Next: var x } && x.N();
                void Deconstruct(out object a, out object b) { a = w.Target; b = a; var (p, q) = (C)w.Target; }
            }
            """,
        ["Records"] = """
            record R(WeakReference W, object O) { public R Self => (R)W.Target; public virtual bool Equals(R r) => r.W.Target.Equals(W.Target); ~R() { O.ToString(); } }
            record struct S(WeakReference<R> W) { public R Get() { W.TryGetTarget(out var r); return r with { O = r.O.ToString() }; } }
            """,
        ["InterfacesAndStatics"] = """
            interface I { static WeakReference W; object Get() => W.Target.ToString(); static abstract WeakReference Make(); ~I() { } }
            static class X { public static object T(this WeakReference w) => w.Target; public static void U(this WeakReference w) => w.T().ToString(); ~X() { } }
            enum E { A = W.Target }
            delegate WeakReference D(WeakReference w = null);
            """,
        ["Partial"] = """
            partial class C { WeakReference w; partial void M(); partial void M() { w.Target.ToString(); N(); } ~C(); }
            partial class C { partial void N(); extern ~C(); void IDisposable.Dispose() { } }
            """,
        ["Preprocessor"] = """
            #define X
            class C {
            #if X
                void M(WeakReference w) { if (w.IsAlive)
            #else
                void M(WeakReference w) { while (w.IsAlive)
            #endif
                    w.Target.ToString(); }
            #pragma warning disable WREF101
            #line 200 "elsewhere.cs"
                ~C() { lock (this) { throw null; } }
            #error broken
            """,
        ["CopiesOfTheFramework"] = """
            namespace System { class WeakReference { public object Target; public bool IsAlive() => true; public WeakReference(int x) { } } class WeakReference<T> { public static bool TryGetTarget(out T t) { t = default; return true; } } }
            namespace WeakRefs { class WeakRef<T> { public T Deref; } class FinalizationRegistry<T> { public static void Register(params object[] x) { } } }
            namespace WeakRefs.Annotations { class WeakReadAttribute : System.Attribute { } class CleanupCallbackAttribute : System.Attribute { } class WeakTargetAttribute { } }
            class C { [WeakRefs.Annotations.WeakRead] void V() { } [WeakRefs.Annotations.WeakRead] C P { set { } } void M(System.WeakReference w) { w.Target.ToString(); V(); P = this; WeakRefs.FinalizationRegistry<C>.Register(this, this); System.WeakReference<C>.TryGetTarget(out var c); c.M(w); } }
            """,
        ["AnnotationsInOddPlaces"] = """
            using System;
            using WeakRefs.Annotations;
            [WeakTarget] class C
            {
                public C([WeakTarget] params object[] all) { } public C([CleanupCallback] int x) { }
                [WeakRead] static object operator !(C c) => null; [LivenessProbe] string Probe() => ""; [WeakRead] void Nothing() { }
                void M([WeakTarget] ref object o, [WeakRead] out object p, [HeldValue] in object q, [UnregisterToken] __arglist) { p = null; new C(o, q, this); new C(5); if (Probe() == "") Nothing(); (!this).ToString(); }
            }
            """,
        ["DeepNesting"] = "class C { object M(WeakReference w) => "
            + string.Concat(Enumerable.Repeat("w.IsAlive ? ", 150))
            + "w.Target.ToString()"
            + string.Concat(Enumerable.Repeat(" : null", 150))
            + "; }",
        ["LongChains"] = "class C { void M(WeakReference w) { "
            + string.Concat(Enumerable.Repeat("if (w.Target != null) { w.Target.ToString(); } else { w.Target = this; }\n", 300))
            + " } }",
        ["ManyCallees"] = "class C { IntPtr h; "
            + string.Concat(Enumerable.Range(0, 200).Select(i => $"void M{i}() {{ M{(i + 1) % 200}(); M{i * 7 % 200}(); }}\n"))
            + "~C() { M0(); } }",
#if ROSLYN_LATEST
        ["NewestSyntax"] = """
            class C(WeakReference w, int[] xs)
            {
                object Field { get => field ?? w.Target.ToString(); set => w.Target = field = value; }
                WeakReference[] All = [w, new(new object()), .. from x in Enumerable.Range(0, 3) select new WeakReference(x)];
                void M() { w?.Target = new object(); var f = (ref int x, WeakReference y = null) => y.Target.ToString(); Span<WeakReference> s = [w]; s[^1].Target.ToString(); }
                public void operator +=(WeakReference other) => w = other;
            }
            static class X { extension(WeakReference w) { object Strong => w.Target; string Text() => w.Strong.ToString(); static WeakReference Of(object o) => new(o); } }
            partial class P { partial WeakReference W { get; } partial WeakReference W => new(this); partial P(); partial P() { W.Target.ToString(); } ~P() { } }
            """,
#endif
    };
}
