namespace Fuzz;

/// <summary>Types and files of any number in shapes that several rules look at: the files of a project with n of them.</summary>
internal static class TypeShapes
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Runtime.InteropServices; "
        + "using System.Runtime.CompilerServices; using System.Threading; using System.Diagnostics;\n";

    public static readonly IReadOnlyDictionary<string, Func<int, string[]>> All = new Dictionary<string, Func<int, string[]>>(
        StringComparer.Ordinal)
    {
        ["FinalizableTypes"] = n => [Usings + Repeat(n, Finalizable)],
        ["FinalizerInEachFile"] = n => [.. Enumerable.Range(0, n).Select(i => Usings + Finalizable(i))],
        ["NestedFinalizableTypes"] = n =>
            [Usings + Repeat(n, i => $"class N{i} {{ readonly Stream s; ~N{i}() {{ s.Close(); }} ") + new string('}', n)],
        ["FinalizersOfBases"] = n =>
            [Usings + "class B0 { protected virtual void Free(bool d) { } ~B0() { Free(false); } }"
                + Repeat(n, i => $"class B{i + 1} : B{i} {{ Stream s; protected override void Free(bool d) {{ "
                    + $"s.Close(); base.Free(d); }} }}")],
        ["TypesOfOneBase"] = n =>
            [Usings + "class B { protected virtual void Free(bool d) { } ~B() { Free(false); } }"
                + Repeat(n, i => $"class D{i} : B {{ Stream s; protected override void Free(bool d) {{ s.Close(); base.Free(d); }} }}")],
        ["PartsOfOneType"] = n =>
            [.. Enumerable.Range(0, n).Select(i => Usings
                + $"partial class P {{ readonly Stream s{i}; void M{i}() {{ lock (gate) s{i}.Flush(); }} }}"),
                Usings + "partial class P { static readonly object gate = new(); ~P() { lock (gate) { } } }"],
        ["Overloads"] = n =>
            [Usings + $"class O {{ ~O() {{ M({Repeat(n, static _ => "1,").TrimEnd(',')}); }} "
                + Repeat(n, static i => $"void M({List(i, "int")}) {{ {(i == 0 ? "" : $"M({List(i - 1)});")} }}")
                + $"void M({List(n, "int")}) {{ M({List(n - 1)}); }} }}"],
        ["MethodsThatCallTheNext"] = n =>
            [Usings + "class M { Stream s; ~M() { M0(); } " +
                Repeat(n, i => $"void M{i}() {{ M{i + 1}(); }}") + $"void M{n}() {{ s.Close(); }} }}"],
        ["MethodsThatWriteAllFields"] = n =>
            [Usings + "class W { ~W() { f0 = null; } " + Repeat(n / 8, i => $"WeakReference f{i};")
                + Repeat(8, m => $"void M{m}(object o) {{ {Repeat(n / 8, static i => $"f{i} = new WeakReference(o);")} }}") + "}"],
        ["Collections"] = n =>
            [Usings + "class C { " +
                Repeat(n, i => $"readonly List<WeakReference> l{i} = new(); void M{i}(object o) {{ l{i}.Add(new WeakReference(o)); }}")
                + "}"],
        ["Keys"] = n =>
            [Usings + "class C { " +
                Repeat(n, i => $"readonly Dictionary<WeakReference, int> d{i} = new(); void M{i}(object o) {{ "
                    + $"d{i}[new WeakReference(o)] = 1; }}")
                + "}"],
        ["Handles"] = n =>
            [Usings + $"class C {{ void M(object o) {{ {
                Repeat(n, i => $"var h{i} = GCHandle.Alloc(o, GCHandleType.Weak); Use(h{i}.Target);")} }} "
                + "void Use(object o) { } }"],
        ["HandleFields"] = n =>
            [Usings + "class C { " +
                Repeat(n, i => $"GCHandle h{i}; void M{i}(object o) {{ h{i} = GCHandle.Alloc(o, GCHandleType.Weak); }}") + "}"],
        ["FreedHandles"] = n =>
            [Usings + "class C { " + Repeat(n, i => $"GCHandle h{i} = GCHandle.Alloc(\"\", GCHandleType.Weak); ")
                + $"void M(object o) {{ {Repeat(n, i => $"var h{i} = GCHandle.Alloc(o, GCHandleType.Weak); h{i}.Free(); ")} }} "
                + $"void N(object o) {{ {Repeat(n, i => $"this.h{i}.Free(); this.h{i} = GCHandle.Alloc(o, GCHandleType.Weak); ")} }} }}"],
        ["Tables"] = n =>
            [Usings + "class C { readonly ConditionalWeakTable<object, object> t = new(); "
                + Repeat(n, i => $"void M{i}(object o) {{ t.Add(o, (Action)(() => t.Remove(o))); }}") + "}"],
        ["Events"] = n =>
            [Usings + "class C { event Action E; static event Action S; ~C() { S -= M0; } "
                + Repeat(n, i => $"void M{i}() {{ S += M{i}; var w = new WeakReference(this); S += () => {{ "
                    + $"if (w.IsAlive) M{i}(); }}; }}") + "}"],
        ["KeepAlive"] = n =>
            [Usings + "class C { IntPtr h; [DllImport(\"n\")] static extern int Read(IntPtr h); ~C() { Read(h); } "
                + Repeat(n, i => $"int M{i}() {{ return Read(h); }}") + "}"],
        ["CollectorTests"] = n =>
            [Usings + "class C { " +
                Repeat(n, i => $"void M{i}() {{ var o = new object(); var w = new WeakReference(o); o = null; "
                    + $"GC.Collect(); Debug.Assert(!w.IsAlive); }}")
                + "}"],
        ["AssertionsInOneTest"] = n =>
            [Usings + $"class C {{ void M() {{ {
                Repeat(n, i => $"var o{i} = new object(); var w{i} = new WeakReference(o{i});")} GC.Collect(); "
                + Repeat(n, i => $"Debug.Assert(!w{i}.IsAlive);") + " } }"],
        ["Caches"] = n =>
            [Usings + "class C { readonly Dictionary<string, WeakReference> d = new(); "
                + Repeat(n, i => $"object M{i}(string k) {{ if (d.TryGetValue(k, out var w)) return w.Target; "
                    + $"var o = new object(); d[k] = new WeakReference(o); return o; }}")
                + "}"],
        ["Constructors"] = n =>
            [Usings + "class C { string s; ~C() { s.ToString(); } "
                + Repeat(n, i => $"C({List(i % 8, "int")}, K{i} k) {{ if (k == null) throw new Exception(); s "
                    + $"= \"\"; }}".Replace("(, ", "("))
                + "}" + Repeat(n, i => $"class K{i} {{ }}")],
        ["FieldsTakenAway"] = n =>
            [Usings + "class P { ~P() { Repeat } bool Put() { Uses return true; } } class C { readonly P p; ~C() { Calls } }"
                .Replace("Repeat", Repeat(n, static i => $"l{i} = null;")).Replace("Uses", Repeat(n, static i => $"l{i}.Remove(1);"))
                .Replace("~P()", Repeat(n, static i => $"List<int> l{i};") + "~P()").Replace("bool", "public bool")
                .Replace("Calls", Repeat(n, static _ => "p.Put();"))],
        ["MethodsOfAFinalized"] = n =>
            [Usings + $"class P {{ ~P() {{ l0.Clear(); }} "
                + $"{Repeat(n, static i => $"List<int> l{i}; public bool M{i}() => l{i}.Remove(1);")} }} "
                + $"class C {{ readonly P p; ~C() {{ {Repeat(n, static i => $"p.M{i}();")} }} }}"],
        ["LocksOfOneGate"] = n =>
            [Usings + "class L { static readonly object g = new(); int f; ~L() { Locks } Methods }"
                .Replace("Locks", Repeat(n, static _ => "lock (g) { f++; }"))
                .Replace("Methods", Repeat(n, static i => $"void M{i}() {{ lock (g) {{ f--; }} }}"))],
        ["LocksOfGates"] = n =>
            [Usings + "class L { int f; ~L() { Locks } Methods }"
                .Replace("Locks", Repeat(n, static i => $"lock (g{i}) {{ f++; }}"))
                .Replace("Methods", Repeat(n, static i =>
                    $"static readonly object g{i} = new(); void M{i}() {{ lock (g{i}) {{ f--; }} }}"))],
        ["FinalizersOfOneGate"] = n =>
            [Usings + "class O { static readonly object g = new(); Types }"
                .Replace("Types", Repeat(n, static i => $"class L{i} {{ int f; ~L{i}() {{ lock (g) {{ f++; }} }} }}"))],
        ["LocksOfOneObject"] = n =>
            [Usings + "class G { int f; Methods } class L { static readonly G g = new(); ~L() { Locks } }"
                .Replace("Locks", Repeat(n, static _ => "lock (g) { g.ToString(); }"))
                .Replace("Methods", Repeat(n, static i => $"void M{i}() {{ lock (this) {{ f--; }} }}"))],
        ["CollectorTestsInIfs"] = n =>
            [Usings + "class C { " +
                Repeat(n, i => $"void M{i}() {{ var o = new object(); var w = new WeakReference(o); o = null; GC.Collect();\n"
                    + "#if !NEVER\nDebug.Assert(!w.IsAlive);\n#endif\n}")
                + "}"],
        ["AbstractCalls"] = n =>
            [Usings + $"abstract class P {{ ~P() {{ M0(); }} "
                + $"{Repeat(n, static i => $"public void M{i}() {{ A{i}(); }} protected abstract void A{i}();")} }} "
                + $"class Q : P {{ bool d; {Repeat(n, static i => $"protected override void A{i}() {{ if (d) return; d = true; }}")} }}"
                + $"class C {{ readonly P p; ~C() {{ {Repeat(n, static i => $"p.M{i}();")} }} }}"],
        ["AbstractCallsOfTypes"] = n =>
            [Usings + Repeat(n, static i => $"abstract class P{i} {{ ~P{i}() {{ A{i}(); }} public void M() {{ A{i}(); }} "
                + $"protected abstract void A{i}(); }} "
                + $"class Q{i} : P{i} {{ bool d; protected override void A{i}() {{ if (d) return; d = true; }} }}"
                + $"class C{i} {{ readonly P{i} p; ~C{i}() {{ p.M(); }} }}")],
        ["WrapperTypes"] = n =>
            [Usings +
                Repeat(n, i => $"class T{i} {{ WeakReference w; public object V => w.Target; void M() {{ "
                    + $"V.ToString(); }} void N(T{i} t) {{ t.V.ToString(); }} }}")],
    };

    private static string Finalizable(int i) =>
        $"class F{i} {{ static readonly object g = new(); readonly Stream s; readonly List<object> l; "
        + $"F{i}(string p) {{ s = File.OpenRead(p); l = new(); }} ~F{i}() {{ lock (g) {{ s.Close(); l.Clear(); }} }} }}\n";

    /// <summary>So many arguments, or parameters of the type.</summary>
    private static string List(int n, string type = "") =>
        string.Join(", ", Enumerable.Range(0, n).Select(i => type.Length == 0 ? "1" : $"{type} a{i}"));

    private static string Repeat(int n, Func<int, string> part) => string.Concat(Enumerable.Range(0, n).Select(part));
}
