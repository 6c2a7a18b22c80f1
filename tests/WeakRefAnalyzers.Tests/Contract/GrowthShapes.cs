namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// Code of any size in shapes that once made the work grow faster than the code: each body has a weak read that goes wrong.
/// </summary>
internal static class GrowthShapes
{
    private const string Read = "w.Target.ToString();";

    public static readonly IReadOnlyDictionary<string, Func<int, string>> All = new Dictionary<string, Func<int, string>>(
        StringComparer.Ordinal)
    {
        ["Statements"] = n => Method(Repeat(n, i => $"var x{i} = o.ToString(); Use(x{i});")),
        ["Reads"] = n => Method(Repeat(n, i => $"var t{i} = w.Target; if (t{i} != null) {{ Use(t{i}); }}")),
        ["UncheckedReads"] = n => Method(Repeat(n, i => "w.Target.ToString();")),
        ["ReadsPassedOn"] = n => Method(Repeat(n, i => $"if (w.IsAlive) {{ Use(w.Target); }}")),
        ["OneVariable"] = n => Method("object t;" + Repeat(n, i => "t = w.Target; if (t == null) { return null; }")),
        ["ExtensionChain"] = n => Method($"c{Repeat(n, _ => ".E()")};"),
        ["NestedCalls"] = n => Method(Nest(n, _ => "X.E(", "c", ")") + ";"),
        ["ThenBy"] = n => Method($"xs.OrderBy(q => 1){Repeat(n, _ => ".ThenBy(q => q.GetHashCode())")}.ToString();"),
        ["Where"] = n => Method($"ws{Repeat(n, _ => ".Where(q => q.IsAlive)")}.ToString();"),
        ["NestedWhere"] = n => Method(Nest(n, i => $"ws.Where(q{i} => ", "true", ").Any()") + ".ToString();"),
        ["FromClauses"] = n =>
            Method($"(from q in ws {Repeat(n, i => $"from q{i} in ws where q{i}.IsAlive ")} select q.Target).ToString();"),
        ["NestedLambdas"] = n => Method(Nest(n, _ => "Run(() => { ", Read, " });")),
        ["LambdasInSequence"] = n => Method("var t = w.Target;" + Repeat(n, i => $"Run(() => Use({i}));")),
        ["NestedLocalFunctions"] = n => Method(Nest(n, i => $"void L{i}() {{ ", Read, " }")),
        ["LocalFunctions"] = n => Method("var t = w.Target;" + Repeat(n, i => $"void L{i}() {{ Use(t); }} L{i}();")),
        ["LambdasInLocalFunctions"] = n => Method(Nest(n, i => $"void L{i}() {{ Run(() => {{ ", Read, " }); }")),
        ["Funcs"] = n => Method("var f = " + Nest(n, _ => "new Func<object>(() => ", "w.Target.ToString()", ")") + ";"),
        ["Flags"] = n =>
            Method("var t = w.Target as C;"
                + Repeat(n, i => $"bool f{i} = false; if (o == null) f{i} = t != null;")
                + Repeat(n, i => $"if (f{i}) t.E();")),
        ["FlagsOfReads"] = n =>
            Method(Repeat(n, i => $"var t{i} = w.Target as C; var f{i} = t{i} != null; if (o == null) {{ f{i} = false; }}")
                + Repeat(n, i => $"if (f{i}) t{i}.E();")),
        ["NestedLoops"] = n => Method(Nest(n, i => $"for (var v{i} = 0; v{i} < 9; v{i}++) {{ if (ws[v{i}].IsAlive) ", "Use(o);", " }")),
        ["NestedIfs"] = n => Method(Nest(n, i => $"if (w.Target is C t{i}) {{ ", "Use(o);", " }")),
        ["Branches"] = n => Method("var t = w.Target;" + Repeat(n, i => $"if (o == null) {{ Use({i}); }} else {{ Use(o); }}")),
        ["Tries"] = n =>
            Method("var t = w.Target;"
                + Repeat(n, i => $"try {{ Use({i}); }} catch (Exception e{i}) {{ Use(e{i}); }} finally {{ Use(t); }}")),
        ["NestedTries"] = n => Method(Nest(n, _ => "try { ", "Use(w.Target);", " } catch { }")),
        ["LongTry"] = n =>
            Method($"try {{ {Repeat(n, i => $"var t{i} = w.Target; if (t{i} == null) {{ return null; }} Use(t{i});")} }} catch {{ }}"),
        ["Usings"] = n => Method(Repeat(n, i => $"using var d{i} = Make();")),
        ["NestedUsings"] = n => Method(Repeat(n, i => $"using (var d{i} = Make()) ") + "Use(o);"),
        ["Switch"] = n => Method($"switch (o) {{ {Repeat(n, i => $"case int k{i} when k{i} == {i}: Use(k{i}); break;")} }}"),
        ["SwitchExpression"] = n => Method($"var y = o switch {{ {Repeat(n, i => $"{i} => w.Target,")} _ => null }};"),
        ["Patterns"] = n =>
            Method($"if (c is {Nest(n, i => "{ Next: ", "not null", " n}")} and not null) {{ Use(c); }}".Replace(" n}", " }")),
        ["NamedPatterns"] = n => Method($"if (c is {Nest(n, i => "{ Next: ", "not null", "}")}) {{ Use(c); }}"),
        ["Alternatives"] = n => Method($"if (o is {string.Join(" or ", Enumerable.Range(0, n))}) {{ Use(o); }}"),
        ["Coalescing"] = n => Method($"var y = w.Target{Repeat(n, _ => " ?? o")};"),
        ["Conditionals"] = n => Method("var y = " + Repeat(n, _ => "o == null ? w.Target : ") + "o;"),
        ["ConditionalAccess"] = n => Method($"var y = c{Repeat(n, _ => "?.Next")};"),
        ["CompoundAssignments"] = n => Method(Nest(n, _ => "a[", "0", " += 1]") + " += 1;"),
        ["Aliases"] = n => Method("var t0 = w.Target;" + Repeat(n, i => $"var t{i + 1} = t{i};") + "if (t0 != null) { t0.ToString(); }"),
        ["OutArguments"] = n => Method(Repeat(n, i => $"if (g.TryGetTarget(out var t{i})) {{ t{i}.E(); }}")),
        ["MadeAndRead"] = n => Method(Repeat(n, i => $"var r{i} = new WeakReference(new object()); r{i}.Target.ToString();")),
        ["ManyMethods"] = n => Type(Repeat(n, i => $"void M{i}() {{ {Read} }}")),
        ["Wrappers"] = n =>
            Type("object P0 => w.Target;" + Repeat(n, i => $"object P{i + 1} => P{i};") + $"void M() {{ P{n}.ToString(); {Read} }}"),
        ["EachOther"] = n =>
            Type(Repeat(n, i => $"object P{i} => w.Target ?? P{(i + 1) % n} ?? P{(i + 2) % n} ?? P{(i + 3) % n};")
                + $"void M() {{ P0.ToString(); {Read} }}"),
        ["Fields"] = n => Type(Repeat(n, i => $"object _f{i};") + $"void M() {{ {Read} {Repeat(n, i => $"_f{i} = w.Target;")} }}"),
    };

    private static string Method(string body) => Type($"object M(object o, C c, int[] xs, int[] a) {{ {Read} {body} return null; }}");

    private static string Type(string members) => $$"""
        using System; using System.Linq;
        static class X { public static C E(this C c) => c; }
        class C
        {
            public C Next;
            WeakReference w;
            WeakReference<C> g;
            WeakReference[] ws;
            void Run(Action a) { }
            void Use(object o) { }
            IDisposable Make() => null;
            {{members}}
        }
        """;

    private static string Repeat(int n, Func<int, string> part) => string.Concat(Enumerable.Range(0, n).Select(part));

    private static string Nest(int n, Func<int, string> before, string inner, string after) =>
        Repeat(n, before) + inner + string.Concat(Enumerable.Repeat(after, n));
}
