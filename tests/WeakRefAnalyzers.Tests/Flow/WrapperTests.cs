namespace WeakRefAnalyzers.Tests;

/// <summary>Members, functions and operators of source that pass a weak read on, and whoever uses them.</summary>
public class WrapperTests
{
    private const string Target = """

        class T { public string Name; public void Go() { } }

        class Annotated
        {
            [WeakRefs.Annotations.WeakRead] public T Peek() => null;
            [WeakRefs.Annotations.WeakRead] public T Current => null;
            [WeakRefs.Annotations.LivenessProbe] public bool Lives => false;
            public bool TryPeek([WeakRefs.Annotations.WeakRead] out T t) { t = null; return false; }
        }
        """;

    private static Task Check(string source) => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(source + Target);

    [Fact]
    public Task MembersOfOtherObjects() => Check("""
        class Part
        {
            WeakReference<T> _owner;
            public T Owner => _owner.TryGetTarget(out var t) ? t : null;
            public T Fresh => (T)_plain.Target;
            WeakReference _plain;
            public bool Lives => _plain.IsAlive;
            public bool TryOwner(out T t) => _owner.TryGetTarget(out t);
            public T GetOwner() { _owner.TryGetTarget(out var t); return t; }
            public WeakReference Ref => _plain;
            public WeakRef<T> R;
        }

        class W1
        {
            Part _part;
            Part Prop { get; }
            static Part s_part;
            T Model => _part.Owner;
            T Model2 => _part.GetOwner();
            T Model3 => Prop.Fresh;
            T Model4 { get { return this._part.Fresh; } }
            T Model5() => (T)_part.Fresh;
            static T Model6() => s_part.Owner;
            T Model7(Part p) => p.Owner;
            T Model8 => _part.Ref.Target as T;
            T Model9 => _part.R.Deref();
            T Model10 { get { var o = _part.Owner; return o; } }
            T Model11 { get { var part = _part; return part.Owner; } }
            T Model12 => _part?.Owner;
            T Model13(List<Part> ps) => ps[0].Owner;
            T Model14(object o) => ((Part)o).Owner;
            T Model15 => _part.TryOwner(out var t) ? t : null;
            bool Model16(out T t) => _part.TryOwner(out t);
            bool Model17 => _part.Lives;
            T Model18() { if (_part == null) return null; return _part.Owner; }
            T Model19 => Get().Owner;
            Part Get() => _part;
            void A1() { {|WREF101:Model.Go()|}; }
            void A2() { {|WREF101:Model2.Go()|}; }
            void A3() { {|WREF101:Model3.Go()|}; }
            void A4() { {|WREF101:Model4.Go()|}; }
            void A5() { {|WREF101:Model5().Go()|}; }
            void A6() { {|WREF101:Model6().Go()|}; }
            void A7(Part p) { {|WREF101:Model7(p).Go()|}; }
            void A8() { {|WREF101:Model8.Go()|}; }
            void A9() { {|WREF101:Model9.Go()|}; }
            void A10() { {|WREF101:Model10.Go()|}; }
            void A11() { {|WREF101:Model11.Go()|}; }
            void A12() { {|WREF101:Model12.Go()|}; }
            void A13(List<Part> p) { {|WREF101:Model13(p).Go()|}; }
            void A14(object p) { {|WREF101:Model14(p).Go()|}; }
            void A15() { {|WREF101:Model15.Go()|}; }
            void A16() { Model16(out var t); {|WREF104:t.Go()|}; }
            void A17() { if (Model17) {|WREF102:_part.Fresh|}.Go(); }
            void A18() { {|WREF101:Model18().Go()|}; }
            void A19() { {|WREF101:Model19.Go()|}; }
            void A1b() { Model?.Go(); }
            void A2b() { var m = Model2; if (m != null) m.Go(); }
            void A7b(Part p) { if (Model7(p) is { } m) m.Go(); }
            void A16b() { if (Model16(out var t)) t.Go(); }
            void A20() { if (Model != null) {|WREF103:Model|}.Go(); }
            void A21() { if (_part.Owner != null) {|WREF103:Model|}.Go(); }
            void A22(W1 o) { {|WREF101:o.Model.Go()|}; }
            void A23(W1 o) { if (o.Model != null) { {|WREF103:o.Model|}.Go(); } }
            void A24(Part p) { {|WREF101:p.Owner.Go()|}; }
            void A25(Part p) { {|WREF101:p.Ref.Target.ToString()|}; }
        }
        """);

    [Fact]
    public Task Bases() => Check("""
        class Base
        {
            protected WeakReference _w;
            protected T Target => (T)_w.Target;
            public virtual T Virt => (T)_w.Target;
            protected T GetIt() => _w.Target as T;
            public abstract class Abs { public abstract T It { get; } }
        }

        class W2 : Base
        {
            public T Model => Target;
            public T Model2 => base.Virt;
            public T Model3 => GetIt();
            public override T Virt => base.Virt;
            void B1() { {|WREF101:Target.Go()|}; }
            void B2() { {|WREF101:Model.Go()|}; }
            void B3() { {|WREF101:Model2.Go()|}; }
            void B4() { {|WREF101:Model3.Go()|}; }
            void B5() { {|WREF101:Virt.Go()|}; }
            void B6() { GetIt()?.Go(); }
        }

        class GBase<U> where U : class
        {
            protected WeakReference<U> _g;
            protected U Target { get { _g.TryGetTarget(out var u); return u; } }
            protected U Or => _g.TryGetTarget(out var u) ? u : null;
            protected bool TryGet(out U u) => _g.TryGetTarget(out u);
            protected WeakReference _p;
            public U Plain => (U)_p.Target;
            public U AsPlain => _p.Target as U;
        }

        class W3 : GBase<T>
        {
            T Model => Target;
            T Model2 => Or;
            T Model3() => this.Plain;
            T Model4 => base.AsPlain;
            void C1() { {|WREF101:Target.Go()|}; }
            void C2() { {|WREF101:Or.Go()|}; }
            void C3() { {|WREF101:Model.Go()|}; }
            void C4() { {|WREF101:Model2.Go()|}; }
            void C5() { TryGet(out var t); {|WREF104:t.Go()|}; }
            void C6() { if (TryGet(out var t)) t.Go(); }
            void C7() { {|WREF101:Plain.Go()|}; }
            void C8() { {|WREF101:Model3().Go()|}; }
            void C9() { {|WREF101:Model4.Go()|}; }
            void C10(GBase<T> o) { {|WREF101:o.Plain.Go()|}; }
        }

        class W4<U> : GBase<U> where U : class
        {
            public U Mine => Target;
            public override string ToString() => {|WREF101:Target.ToString()|};
        }

        class W5
        {
            W4<T> _x;
            void D1() { {|WREF101:_x.Mine.Go()|}; }
        }
        """);

    [Fact]
    public Task SubclassesOfTheReference() => Check("""
        class NodeRef : WeakReference
        {
            public NodeRef(T t) : base(t) { }
            public T Node => (T)Target;
            public T Node2 => Target as T;
            public T Node3 { get { return (T)base.Target; } }
            public T Node4() => (T)this.Target;
            public bool Lives => IsAlive;
            public string Name => {|WREF101:((T)Target).Name|};
            public override object Target { get => base.Target; set => base.Target = value; }
            public string Name2 => {|WREF101:Node.Name|};
            public string Name3 => Node?.Name;
        }

        class GRef<U> : WeakReference where U : class
        {
            public GRef(U t) : base(t) { }
            public U Value => (U)Target;
            public new U Target => (U)base.Target;
            public bool TryGet(out U u) { u = (U)base.Target; return u != null; }
        }

        class W6
        {
            NodeRef n; GRef<T> g; List<GRef<T>> gs;
            void E1() { {|WREF101:n.Node.Go()|}; }
            void E2() { {|WREF101:n.Node2.Go()|}; }
            void E3() { {|WREF101:n.Node3.Go()|}; }
            void E4() { {|WREF101:n.Node4().Go()|}; }
            void E5() { if (n.Lives) {|WREF102:n.Node|}.Go(); }
            void E6() { if (n.IsAlive) {|WREF102:n.Node|}.Go(); }
            void E7() { {|WREF101:g.Value.Go()|}; }
            void E8() { {|WREF101:g.Target.Go()|}; }
            void E9() { g.TryGet(out var u); {|WREF104:u.Go()|}; }
            void E10() { if (g.TryGet(out var u)) u.Go(); }
            void E11() { foreach (var x in gs) {|WREF101:x.Target.Go()|}; }
            void E12() { foreach (var x in gs) x.Target?.Go(); }
        }
        """);

    [Fact]
    public Task PatternsEntriesAndRoles() => Check("""
        class W7
        {
            WeakReference _w; WeakReference<T> _g; WeakRef<T> _r; Annotated _a; WeakCache<string, T> _c;
            ConditionalWeakTable<object, T> _t; Dictionary<string, WeakReference> _d;
            Dictionary<string, WeakReference<T>> _dg;
            T P1 => _w is { Target: T n } ? n : null;
            T P2 => _w.Target is T n ? n : null;
            T P3 => _w is { IsAlive: true, Target: T n } ? n : null;
            T P4 { get { if (_w.Target is T n) return n; return null; } }
            T P5 { get { return _w.Target switch { T n => n, _ => null }; } }
            T P6 => _w?.Target is T n ? n : default;
            T P7(string k) => _c.TryGet(k, out var t) ? t : null;
            bool P8(string k, out T t) => _c.TryGet(k, out t);
            T P9(string k) { _c.TryGet(k, out var t); return t; }
            T P10 => _a.Peek();
            T P11 => _a.Current;
            bool P12 => _a.Lives;
            bool P13(out T t) => _a.TryPeek(out t);
            T P14(string k) => _d.TryGetValue(k, out var w) ? (T)w.Target : null;
            T P15(string k) { if (_d.TryGetValue(k, out var w)) return w.Target as T; return null; }
            bool P16(string k, out T t) { if (_dg.TryGetValue(k, out var w)) return w.TryGetTarget(out t); t = null; return false; }
            bool P17(string k, out T t) { t = null; return _dg.TryGetValue(k, out var w) && w.TryGetTarget(out t); }
            T P18(string k) => _d[k].Target as T;
            T P19 => _r.TryGetTarget(out var t) ? t : null;
            T P20 => _r.Deref() ?? null;
            T P21(string k) { return _dg.TryGetValue(k, out var w) && w.TryGetTarget(out var t) ? t : null; }
            T P22(string k) { if (!_dg.TryGetValue(k, out var w) || !w.TryGetTarget(out var t)) return null; return t; }
            void G1() { {|WREF101:P1.Go()|}; }
            void G2() { {|WREF101:P2.Go()|}; }
            void G3() { {|WREF101:P3.Go()|}; }
            void G4() { {|WREF101:P4.Go()|}; }
            void G5() { {|WREF101:P5.Go()|}; }
            void G6() { {|WREF101:P6.Go()|}; }
            void G7() { {|WREF101:P7("a").Go()|}; }
            void G8() { P8("a", out var t); {|WREF104:t.Go()|}; }
            void G9() { {|WREF101:P9("a").Go()|}; }
            void G10() { {|WREF101:P10.Go()|}; }
            void G11() { {|WREF101:P11.Go()|}; }
            void G12() { if (P12) {|WREF102:P11|}.Go(); }
            void G13() { P13(out var t); {|WREF104:t.Go()|}; }
            void G14() { {|WREF101:P14("a").Go()|}; }
            void G15() { {|WREF101:P15("a").Go()|}; }
            void G16() { P16("a", out var t); {|WREF104:t.Go()|}; }
            void G17() { P17("a", out var t); {|WREF104:t.Go()|}; }
            void G18() { {|WREF101:P18("a").Go()|}; }
            void G19() { {|WREF101:P19.Go()|}; }
            void G20() { {|WREF101:P20.Go()|}; }
            void G21() { {|WREF101:P21("a").Go()|}; }
            void G22() { {|WREF101:P22("a").Go()|}; }
            void G7b() { P7("a")?.Go(); if (P8("a", out var t)) t.Go(); }
            void G23() { _c.TryGet("a", out var t); {|WREF104:t.Go()|}; }
            void G24() { if (_c.TryGet("a", out var t)) t.Go(); }
        }
        """);

    [Fact]
    public Task LocalFunctions() => Check("""
        class W
        {
            WeakReference _w; WeakReference<T> _g; Annotated _a;
            T P10 => _a.Peek();
            void H1() { T Local() => (T)_w.Target; {|WREF101:Local().Go()|}; }
            void H2() { T Local() { _g.TryGetTarget(out var t); return t; } var x = Local(); {|WREF101:x.Go()|}; }
            void H3() { T Local() => (T)_w.Target; Local()?.Go(); var l = Local(); if (l != null) l.Go(); }
            void H5() { bool Local(out T t) => _g.TryGetTarget(out t); Local(out var x); {|WREF104:x.Go()|}; }
            void H6() { bool Local(out T t) => _g.TryGetTarget(out t); if (Local(out var x)) x.Go(); }
            void H7() { bool Alive() => _w.IsAlive; if (Alive()) {|WREF102:_w.Target|}.ToString(); }
            void H8() { static T Local(WeakReference w) => (T)w.Target; {|WREF101:Local(_w).Go()|}; }
            void H9() { T Local() => P10; {|WREF101:Local().Go()|}; }
            T Q1 { get { T Local() => (T)_w.Target; return Local(); } }
            void H10() { {|WREF101:Q1.Go()|}; }
        }
        """);

    [Fact]
    public Task Iterators() => Check("""
        class W
        {
            Dictionary<string, WeakReference> _d; Dictionary<string, WeakReference<T>> _dg;
            IEnumerable<T> I1() { foreach (var d in _d.Values) yield return (T)d.Target; }
            IEnumerable<T> I2() { foreach (var d in _d.Values) { var t = d.Target as T; if (t != null) yield return t; } }
            IEnumerable<T> I3() { foreach (var d in _dg.Values) if (d.TryGetTarget(out var t)) yield return t; }
            IEnumerable<T> I4 { get { foreach (var d in _d.Values) yield return d.Target as T; } }
            IEnumerator<T> GetEnumerator() { foreach (var d in _d.Values) yield return d.Target as T; }
            IEnumerable<T> I5() => _d.Values.Select(d => (T)d.Target);
            IEnumerable<T> I6() => _d.Values.Select(d => (T)d.Target).Where(t => t != null);
            List<T> I7() => _d.Values.Select(d => (T)d.Target).ToList();
            T[] I8() => _d.Values.Select(d => (T)d.Target).OfType<T>().ToArray();
            async IAsyncEnumerable<T> I9() { foreach (var d in _d.Values) { await Task.Yield(); yield return (T)d.Target; } }
            void J1() { foreach (var t in I1()) {|WREF101:t.Go()|}; }
            void J2() { foreach (var t in I2()) t.Go(); }
            void J3() { foreach (var t in I3()) t.Go(); }
            void J4() { foreach (var t in I4) {|WREF101:t.Go()|}; }
            void J6() { foreach (var t in I5()) {|WREF101:t.Go()|}; }
            void J7() { foreach (var t in I6()) t.Go(); }
            void J8() { foreach (var t in I7()) {|WREF101:t.Go()|}; }
            void J9() { foreach (var t in I8()) t.Go(); }
            async Task J10() { await foreach (var t in I9()) {|WREF101:t.Go()|}; }
            async Task J11() { await foreach (var t in I9()) t?.Go(); }
            void J12() { foreach (var t in I1().Where(x => x != null)) t.Go(); }
            void J14() { foreach (var t in I1()) if (t != null) t.Go(); }
        }
        """);

    [Fact]
    public Task Conversions() => Check("""
        class Conv
        {
            WeakReference<T> _g; WeakReference _w;
            public static implicit operator T(Conv c) => c._g.TryGetTarget(out var t) ? t : null;
            public static explicit operator string(Conv c) => (string)c._w.Target;
            public static implicit operator bool(Conv c) => c._w.IsAlive;
            public static T operator ~(Conv c) => (T)c._w.Target;
            public T Value => (T)_w.Target;
            void K1(Conv c) { {|WREF101:((T)c).Go()|}; }
            void K2(Conv c) { T t = c; {|WREF101:t.Go()|}; }
            void K3(Conv c) { {|WREF101:((string)c).Trim()|}; }
            void K4(Conv c) { T t = c; if (t != null) t.Go(); }
            void K5(Conv c) { T t = c; t?.Go(); }
            void K6(Conv c) { if (c) {|WREF102:c.Value|}.Go(); }
        }
        """);

#if ROSLYN_LATEST
    [Fact]
    public Task PartialMembers() => Check("""
        partial class Par
        {
            WeakReference _w;
            partial T Node { get; }
            private partial T Get();
            void L1() { {|WREF101:Node.Go()|}; }
            void L2() { {|WREF101:Get().Go()|}; }
            void L3() { Node?.Go(); }
        }

        partial class Par
        {
            partial T Node => (T)_w.Target;
            private partial T Get() => (T)_w.Target;
        }
        """);
#endif

#if ROSLYN_LATEST
    [Fact]
    public Task Extensions() => Check("""
        static class Ext
        {
            public static T Old(this WeakReference w) => (T)w.Target;
            public static U Typed<U>(this WeakReference<U> w) where U : class => w.TryGetTarget(out var u) ? u : null;
            public static bool Lives(this WeakReference w) => w.IsAlive;
            extension(WeakReference w)
            {
                public T Node => (T)w.Target;
                public T Get() => (T)w.Target;
                public bool Live => w.IsAlive;
                public bool TryNode(out T t) { t = w.Target as T; return t != null; }
            }

            extension<U>(WeakReference<U> w) where U : class
            {
                public U Value => w.TryGetTarget(out var u) ? u : null;
                public U GetOr() { w.TryGetTarget(out var u); return u; }
            }

            static void M1(WeakReference w) { {|WREF101:w.Node.Go()|}; }
            static void M2(WeakReference w) { {|WREF101:w.Get().Go()|}; }
            static void M3(WeakReference w) { if (w.Live) {|WREF102:w.Node|}.Go(); }
            static void M4(WeakReference w) { w.TryNode(out var t); {|WREF104:t.Go()|}; }
            static void M5(WeakReference w) { if (w.TryNode(out var t)) t.Go(); }
            static void M6(WeakReference<T> w) { {|WREF101:w.Value.Go()|}; }
            static void M7(WeakReference<T> w) { {|WREF101:w.GetOr().Go()|}; }
            static void M8(WeakReference<T> w) { w.Value?.Go(); }
            static void M9(WeakReference w) { {|WREF101:w.Old().Go()|}; }
            static void M10(WeakReference<T> w) { {|WREF101:w.Typed().Go()|}; }
            static void M11(WeakReference w) { if (w.Lives()) {|WREF102:w.Target|}.ToString(); }
            static void M12(WeakReference w) { if (w.Live) {|WREF102:w.Target|}.ToString(); }
        }
        """);
#endif

    [Fact]
    public Task TasksTuplesAndWhatIsNoWrapper() => Check("""
        interface INode
        {
            T Node { get; }
        }

        class Impl : INode
        {
            WeakReference _w;
            T INode.Node => (T)_w.Target;
            public T Own => (T)_w.Target;
            public Lazy<T> L;
            void N1(INode n) { n.Node.Go(); }
            void N2(Impl n) { {|WREF101:n.Own.Go()|}; }
            T Field0;
            T Cached => Field0 ??= (T)_w.Target;
            void N3() { Cached.Go(); }
            T Must => (T)_w.Target ?? throw new Exception();
            void N4() { Must.Go(); }
            T OrNew => (T)_w.Target ?? new T();
            void N5() { OrNew.Go(); }
            async Task<T> Later() { await Task.Yield(); return (T)_w.Target; }
            Task<T> Now() => Task.FromResult((T)_w.Target);
            async Task N6() { {|WREF101:(await Later()).Go()|}; }
            async Task N7() { var t = await Later(); t?.Go(); }
            async Task N8() { {|WREF101:(await Now()).Go()|}; }
            async Task N9() { {|WREF101:(await Later().ConfigureAwait(false)).Go()|}; }
            T this[int i] => (T)_w.Target;
            void N10() { {|WREF101:this[0].Go()|}; }
            (T, int) Pair() => ((T)_w.Target, 1);
            void N11() { {|WREF101:Pair().Item1.Go()|}; }
            void N12() { var (t, i) = Pair(); {|WREF101:t.Go()|}; }
            void N13() { var (t, i) = Pair(); t?.Go(); }
        }
        """);

    /// <summary>A call that is being typed has fewer arguments than the wrappers that it may mean have parameters.</summary>
    [Fact]
    public Task DeclaredTwiceAndHalfWritten() => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(
        """
        public class T3 { public void Go() { } }
        public class Holder { public WeakReference<T3> W; }
        public static class Reading { public static bool TryOf(this Holder h, out T3 t) => h.W.TryGetTarget(out t); }
        public static class Reading { public static bool TryOf(this Holder h, out T3 t) => h.W.TryGetTarget(out t); }

        class User
        {
            void C1(Holder h) { h.TryOf(); }
            void C2(Holder h) { h.TryOf(h); }
            void C3(Holder h) { Reading.TryOf(h); }
            void C4(Holder h) { Reading.TryOf(out var t); t.Go(); }
            void C5(Holder h) { if (h.TryOf(out var t)) t.Go(); }
        }
        """,
        new Options { CompilerErrors = true });

    /// <summary>A compilation made of several projects has a file twice.</summary>
    [Fact]
    public Task DeclaredTwice() => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(
        """
        public class T2 { public void Go() { } }
        public partial class Linked
        {
            WeakReference _w; WeakReference<T2> _g; Linked _o;
            public T2 Prop => (T2)_w.Target;
            public T2 Method() => (T2)_w.Target;
            public T2 Of(WeakReference w) => (T2)w.Target;
            public bool TryIt(out T2 t) => _g.TryGetTarget(out t);
            public bool Lives => _w.IsAlive;
            public bool LivesToo() => _w.IsAlive;
            public static T2 Stat(WeakReference w) => (T2)w.Target;
            public T2 Hop() => Method();
            void A1() { {|WREF101:Prop.Go()|}; }
            void A2() { {|WREF101:Method().Go()|}; }
            void A3() { {|WREF101:Of(_w).Go()|}; }
            void A4() { TryIt(out var t); {|WREF104:t.Go()|}; }
            void A5() { if (TryIt(out var t)) t.Go(); }
            void A6() { if (Lives) {|WREF102:Prop|}.Go(); }
            void A7() { if (LivesToo()) {|WREF102:Method()|}.Go(); }
            void A8() { {|WREF101:Stat(_w).Go()|}; }
            void A9() { {|WREF101:_o.Method().Go()|}; }
            void A10() { Method()?.Go(); }
            void A11() { var t = Method(); if (t != null) t.Go(); }
            void A12() { var t = Method(); {|WREF101:t.Go()|}; }
            void A13() { {|WREF101:Hop().Go()|}; }
            void A14() { {|WREF101:_o.Prop.Go()|}; }
            void A15() { {|WREF101:Linked.Stat(_w).Go()|}; }
            void A16() { {|WREF101:((T2)_w.Target).Go()|}; }
            void A17() { {|WREF101:this.Method().Go()|}; }
        }

        class User
        {
            void B1(Linked l) { {|WREF101:l.Method().Go()|}; }
            void B2(Linked l) { var t = l.Method(); if (t == null) return; t.Go(); }
            void B3(Linked l) { l.TryIt(out var t); {|WREF104:t.Go()|}; }
            void B4(Linked l) { if (l.TryIt(out var t)) t.Go(); }
            void B5() { var l = new Linked(); {|WREF101:l.Prop.Go()|}; }
        }

        public class T2 { public void Go() { } }
        public partial class Linked
        {
            WeakReference _w; WeakReference<T2> _g; Linked _o;
            public T2 Prop => (T2)_w.Target;
            public T2 Method() => (T2)_w.Target;
            public T2 Of(WeakReference w) => (T2)w.Target;
            public bool TryIt(out T2 t) => _g.TryGetTarget(out t);
            public bool Lives => _w.IsAlive;
            public bool LivesToo() => _w.IsAlive;
            public static T2 Stat(WeakReference w) => (T2)w.Target;
            public T2 Hop() => Method();
        }
        """,
        new Options { CompilerErrors = true });
}
