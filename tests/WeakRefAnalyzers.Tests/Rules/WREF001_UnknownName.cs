using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Tests.Contract;

namespace WeakRefAnalyzers.Tests.Rules;

public class WREF001_UnknownNameTests
{
    private const string Vendor = """
        namespace Vendor
        {
            public class Weak { public Weak(object target) { } public object Target => null; public bool IsAlive => false; }
            public class Weak<T> { public T Target => default; }
            public class Map<K, V> { public V Target => default; }
            public class Outer { public class Slot { public object Target => null; } }
            public class Outer<T> { public class Cell { public object Target => null; } }
            public class Reaper { public Reaper(System.Action<int> action) { } public void Register(object target, int held) { } }
            public class Box
            {
                public object Get() => null;
                public object Get(string key) => null;
                public T Get<T>() where T : class => null;
                public object Value => null;
                public bool Has() => true;
                public bool TryGet(out object value) => (value = null) != null;
                public void Add(object value, string key) { }
                public void OnGone(System.Action<int> action, int priority) { }
                public Box(object target) { }
            }
        }
        """;

    private const string Types = "weakref_analyzers.reference_types";
    private const string Generated = "weakref_analyzers.analyze_generated_code";
    private const string Read = "weakref_analyzers.weak_read";

    /// <summary>What an option says, and what is answered; nothing where it names what there is.</summary>
    [Theory]
    [InlineData(Types, "Vendor.Weak", null)]
    [InlineData(Types, " Vendor.Weak , Vendor.Outer.Slot,", null)]
    [InlineData(Types, "Vendor.Outer+Slot", null)]
    [InlineData(Types, "Vendor.Outer.Cell", null)]
    [InlineData(Types, "Vendor.Outer<T>.Cell", null)]
    [InlineData(Types, "Vendor.Weak<T>", null)]
    [InlineData(Types, "Vendor.Weak`1", null)]
    [InlineData(Types, "T:Vendor.Weak`1", null)]
    [InlineData(Types, "Vendor.Map<K, V>, Vendor.Map<,>", null)]
    [InlineData("WeakRef_Analyzers.Reference_Types", "Vendor.Weak", null)]
    [InlineData(Types, "Vendor.Weak # for now", null)]
    [InlineData(Types, "", "is empty")]
    [InlineData(Types, ", ,", "is empty")]
    [InlineData(Types, "Vendor.Weka", "names 'Vendor.Weka', which is no type of this project; did you mean 'Vendor.Weak'?")]
    [InlineData(Types, "vendor.weak", "names 'vendor.weak', which is no type of this project; did you mean 'Vendor.Weak'?")]
    [InlineData(Types, "global::Vendor.Weak", "names 'global::Vendor.Weak', which is no type of this project; did you mean 'Vendor.Weak'?")]
    [InlineData(Types, "Reaper", "names 'Reaper', which is no type of this project; did you mean 'Vendor.Reaper'?")]
    [InlineData(Types, "Vendor.Weak<K, V>", "names 'Vendor.Weak<K, V>', which is no type of this project; did you mean 'Vendor.Weak'?")]
    [InlineData(Types, "Vendor", "names 'Vendor', which is no type of this project")]
    [InlineData(Types, "Vendor.Something", "names 'Vendor.Something', which is no type of this project")]
    [InlineData(Types, "Quite.Different", "names 'Quite.Different', which is no type of this project")]
    [InlineData("weakref_analyzers.registry_types", "Vendor.Reaper", null)]
    [InlineData("weakref_analyzers.refrence_types", "Vendor.Weak", "does not exist; did you mean 'weakref_analyzers.reference_types'?")]
    [InlineData("weakref_analyzers.weakread", "Vendor.Weak", "does not exist; did you mean 'weakref_analyzers.weak_read'?")]
    [InlineData("weakref_analyzer.registry_types", "Vendor.Weak", "does not exist; did you mean 'weakref_analyzers.registry_types'?")]
    [InlineData("weakref_analyzers.what_is_this_for", "1", "does not exist")]
    [InlineData(Generated, "true", null)]
    [InlineData(Generated, "False # for now", null)]
    [InlineData(Generated, "yes", "is neither true nor false")]
    [InlineData(Generated, "", "is neither true nor false")]
    [InlineData("weakref_analyzers.analyse_generated_code", "true",
        "does not exist; did you mean 'weakref_analyzers.analyze_generated_code'?")]
    [InlineData(Read, "M:Vendor.Box.Get, P:Vendor.Box.Value", null)]
    [InlineData(Read, "M:Vendor.Box.Get(System.String)", null)]
    [InlineData(Read, "M:Vendor.Box.Get``1", null)]
    [InlineData(Read, "M:Vendor.Box.TryGet(System.Object@), M:Vendor.Box.TryGet value", null)]
    [InlineData("weakref_analyzers.liveness_probe", "M:Vendor.Box.Has", null)]
    [InlineData("weakref_analyzers.weak_target", "M:Vendor.Box.Add value, M:Vendor.Box..ctor", null)]
    [InlineData("weakref_analyzers.held_value", "M:Vendor.Box.Add(System.Object, System.String) key", null)]
    [InlineData("weakref_analyzers.cleanup_callback", "M:Vendor.Box.OnGone", null)]
    [InlineData("weakref_analyzers.held_value", "M:Vendor.Box.Add",
        "names 'M:Vendor.Box.Add': write the parameter's name behind it, after a blank")]
    [InlineData("weakref_analyzers.held_value", "M:Vendor.Box.Add name", "names 'M:Vendor.Box.Add name': there is no such parameter")]
    [InlineData("weakref_analyzers.held_value", "M:Vendor.Box.Has",
        "names 'M:Vendor.Box.Has': the role is a parameter's, and there is none")]
    [InlineData("weakref_analyzers.held_value", "P:Vendor.Box.Value", "names 'P:Vendor.Box.Value': a property cannot have that role")]
    [InlineData(Read, "M:Vendor.Box.Has", "names 'M:Vendor.Box.Has': the role is a parameter's, and there is none")]
    [InlineData(Read, "M:Vendor.Box.get",
        "names 'M:Vendor.Box.get', which is no method or property of this project; did you mean 'M:Vendor.Box.Get'?")]
    [InlineData(Read, "M:Vendor.Box.Get(System.Int32)",
        "names 'M:Vendor.Box.Get(System.Int32)', which is no method or property of this project; did you mean 'M:Vendor.Box.Get'?")]
    public async Task AValueIsAnswered(string option, string value, string? answer)
    {
        var found = await Run.Of($"[*.cs]\n{option} = {value}\n");
        Assert.Equal(
            answer is null ? [] : [$"Option '{option}' {answer}"],
            found.Select(static diagnostic => diagnostic.GetMessage()));
    }

    [Fact]
    public async Task TheReportStandsInTheFile()
    {
        var found = await Run.Of(
            "root = true\n\n[*.cs]\n  weakref_analyzers.reference_types = Vendor.Weak, Vendor.Weka # two\nweakref_analyzers.weak = 1\n");
        Assert.Equal(
            ["/src/.editorconfig: (3,51)-(3,62)", "/src/.editorconfig: (4,0)-(4,22)"],
            found.Select(static diagnostic => diagnostic.Location.GetLineSpan().ToString()));
        Assert.All(found, static diagnostic => Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity));
    }

    /// <summary>A host that does not hand over the file is told as well, once for the project, and without a place.</summary>
    [Theory]
    [InlineData("weakref_analyzers.reference_types = Vendor.Weka")]
    [InlineData("weakref_analyzers.refrence_types = Vendor.Weak")]
    [InlineData("weakref_analyzers.weak_read =")]
    public async Task WithoutTheFileThereIsNoPlace(string line)
    {
        var found = Assert.Single(await Run.Of($"[*.cs]\n{line}\n", handOver: false));
        Assert.Equal(Location.None, found.Location);
    }

    /// <summary>A configuration above the projects serves some that do not know the types: they hear of what they nearly know.</summary>
    [Theory]
    [InlineData("Elsewhere.Weak42", 0)]
    [InlineData("Vendr.Reaper", 1)]
    [InlineData("System.Reaper", 1)]
    public async Task NamesOfOtherProjectsAreTheirs(string name, int reports)
    {
        var found = await Run.Of($"[*.cs]\n{Types} = {name}\n", path: "/.editorconfig");
        Assert.Equal(reports, found.Length);
    }

    [Fact]
    public async Task ItCanBeSwitchedOff() =>
        Assert.Empty(await Run.Of($"[*.cs]\n{Types} = Vendor.Weka\ndotnet_diagnostic.WREF001.severity = none\n"));

    /// <summary>Whatever sorts before the folder whose file has the option.</summary>
    [Theory]
    [InlineData("/src/a.cs")]
    [InlineData("/src/sub/a.cs")]
    [InlineData("/src/z.cs")]
    public async Task AnOptionOfASubfolderHoldsForTheProject(string path)
    {
        const string Code = "class C { string M(Vendor.Weak w) => w.Target.ToString(); }";
        var found = await Run.Of(
            $"[*.cs]\n{Types} = Vendor.Weak\n",
            path: "/src/sub/.editorconfig",
            sources: [("/src/b.cs", "class B { }"), (path, Code), ("/src/sub/m.cs", "class M { }")]);
        Assert.Equal(["WREF101"], found.Select(static diagnostic => diagnostic.Id));
    }

    /// <summary>So does one in a section for a single file, which need not be the first of its folder.</summary>
    [Fact]
    public async Task AnOptionOfOneFileHoldsForTheProject()
    {
        var found = await Run.Of(
            $"[z.cs]\n{Types} = Vendor.Weak\n",
            sources: [("/src/c.cs", "class C { string M(Vendor.Weak w) => w.Target.ToString(); }"), ("/src/z.cs", "class Z { }")]);
        Assert.Equal(["WREF101"], found.Select(static diagnostic => diagnostic.Id));
    }

    /// <summary>A member that an option names is what an annotated one is.</summary>
    [Fact]
    public async Task MembersPlayTheirRoles()
    {
        var found = await Run.Of(
            """
            [*.cs]
            weakref_analyzers.weak_read = M:Vendor.Box.Get(System.String), P:Vendor.Box.Value, M:Vendor.Box.TryGet
            weakref_analyzers.liveness_probe = M:Vendor.Box.Has
            weakref_analyzers.weak_target = M:Vendor.Box.Add value
            weakref_analyzers.held_value = M:Vendor.Box.Add key
            """,
            sources:
            [
                ("/src/a.cs", """
                    class C
                    {
                        int Checked(Vendor.Box b) => b.Get("")?.GetHashCode() ?? 0;
                        int Other(Vendor.Box b) => b.Get().GetHashCode();
                        int Method(Vendor.Box b) => b.Get("").GetHashCode(); // WREF101
                        int Property(Vendor.Box b) => b.Value.GetHashCode(); // WREF101
                        int Out(Vendor.Box b) { b.TryGet(out var value); return value.GetHashCode(); } // WREF104
                        int Probed(Vendor.Box b) => b.Has() ? b.Get("").GetHashCode() : 0; // WREF102
                        void Held(Vendor.Box b, string s) => b.Add(s, s); // WREF301
                        void Fresh(Vendor.Box b, string s) => b.Add(42, s); // WREF201
                    }
                    """),
            ]);
        Assert.Equal(
            ["4: WREF101", "5: WREF101", "6: WREF104", "7: WREF102", "8: WREF301", "9: WREF201"],
            found.Select(static diagnostic => $"{diagnostic.Location.GetLineSpan().StartLinePosition.Line}: {diagnostic.Id}"));
    }

    /// <summary>Nonsense of any length is answered at once, and with a few words.</summary>
    [Theory]
    [InlineData("A")]
    [InlineData("A.")]
    [InlineData("A+")]
    [InlineData("System.")]
    [InlineData(",")]
    [InlineData("A,")]
    [InlineData("<")]
    [InlineData("A<")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("M:")]
    [InlineData("M:A.B({")]
    [InlineData("`")]
    [InlineData("`9")]
    [InlineData("global::")]
    [InlineData("::")]
    [InlineData("é\u0301 ")]
    [InlineData("number")]
    public async Task NonsenseIsFast(string piece)
    {
        const int Length = 600_000;
        var value = piece == "number"
            ? string.Join(",", Enumerable.Range(0, Length / 8).Select(static i => $"A{i:D6}"))
            : string.Concat(Enumerable.Repeat(piece, Length / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var option in new[] { Types, Read, "weakref_analyzers.held_value" })
        {
            foreach (var handOver in new[] { true, false })
            {
                var found = await Run.Of($"[*.cs]\n{option} = {value}\n", handOver);
                Assert.True(found.Length <= 10 && found.All(static one => one.GetMessage().Length < 500), $"{found.Length} reports");
            }
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    /// <summary>The package over some sources, with a configuration file as the compiler reads it.</summary>
    private static class Run
    {
        public static async Task<ImmutableArray<Diagnostic>> Of(
            string config,
            bool handOver = true,
            string path = "/src/.editorconfig",
            params (string Path, string Text)[] sources)
        {
            var compilation = Whole.Compile([("/src/Vendor.cs", Vendor), .. sources]);
            var set = AnalyzerConfigSet.Create(new[] { AnalyzerConfig.Parse(config, path) });
            var trees = compilation.SyntaxTrees.ToDictionary(tree => tree, tree => set.GetOptionsForSourcePath(tree.FilePath));
            var analyzed = compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new Severities(trees)));
            var files = ImmutableArray<AdditionalText>.Empty;
            var options = new AnalyzerOptions(handOver ? files.Add(new File(path, config)) : files, new Provider(trees));
            var found = await analyzed.WithAnalyzers([new WeakRefAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
            Assert.DoesNotContain(found, static diagnostic => diagnostic.Id == "AD0001");
            return [.. found.OrderBy(static diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition)];
        }
    }

    private sealed class File(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Provider(Dictionary<SyntaxTree, AnalyzerConfigOptionsResult> trees) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } =
            new Lines(ImmutableDictionary<string, string>.Empty.Add("build_property.projectdir", "/src/"));

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Lines(trees[tree].AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Lines(ImmutableDictionary<string, string> options) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => options.Keys;

        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            options.TryGetValue(key, out value);
    }

    private sealed class Severities(Dictionary<SyntaxTree, AnalyzerConfigOptionsResult> trees) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string id, CancellationToken cancel, out ReportDiagnostic severity) =>
            trees[tree].TreeOptions.TryGetValue(id, out severity);

        public override bool TryGetGlobalDiagnosticValue(string id, CancellationToken cancel, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
