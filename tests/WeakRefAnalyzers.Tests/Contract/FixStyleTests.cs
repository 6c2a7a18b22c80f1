using System.Text.RegularExpressions;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What fixes write is spelled as the project's .editorconfig says, and where it says nothing, as the file does.</summary>
public partial class FixStyleTests
{
    public static IEnumerable<object[]> Fixable => Repository.Ids.Where(id => Repository.HasFix((string)id[0]));

#if ROSLYN_LATEST
    [Theory]
    [MemberData(nameof(Fixable))]
    public async Task LinesEndAsInTheFile(string id)
    {
        var texts = 0;
        foreach (var shape in Shape.Written(id))
        {
            var unix = await FixedAsync(shape);
            texts += unix.Count;
            var windows = await FixedAsync(shape with { Source = shape.Source.ReplaceLineEndings("\r\n") });
            Assert.Equal(unix.Select(text => text.ReplaceLineEndings("\r\n")), windows);
        }

        Assert.NotEqual(0, texts);
    }

    [Theory]
    [MemberData(nameof(Fixable))]
    public async Task NoVarIsAddedWhereTheProjectWantsTypes(string id)
    {
        const string Types = """
            csharp_style_var_elsewhere = false
            csharp_style_var_for_built_in_types = false
            csharp_style_var_when_type_is_apparent = false
            """;
        foreach (var shape in Shape.Written(id))
        {
            var before = Var().Count(shape.Source);
            foreach (var text in await FixedAsync(shape with { Options = shape.Options with { EditorConfig = Types } }))
            {
                Assert.True(Var().Count(text) <= before, text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Fixable))]
    public async Task CommentsAreKept(string id)
    {
        foreach (var shape in Shape.Written(id))
        {
            foreach (var text in await FixedAsync(shape))
            {
                Assert.Empty(CommentsOf(shape.Source).Except(CommentsOf(text)));
            }
        }
    }

    private static async Task<IReadOnlyList<string>> FixedAsync(Shape shape)
    {
        var document = Whole.Document(shape.Source, shape.Options, shape.Usings);
        var texts = new List<string>();
        foreach (var offer in await Offers.FindAsync(document, await Offers.AnalyzeAsync(document)))
        {
            texts.Add((await (await Offers.ApplyAsync(offer, document)).GetTextAsync()).ToString());
        }

        return texts;
    }

    /// <summary>All but the marks of what is reported, which may stand on a line that goes.</summary>
    private static IEnumerable<string> CommentsOf(string source) => CSharpSyntaxTree.ParseText(source).GetRoot()
        .DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)).Select(trivia => trivia.ToString())
        .Where(comment => !Page.MarksOf(comment).Any());

    [GeneratedRegex(@"\bvar\b")]
    private static partial Regex Var();
#endif

    [Fact]
    public Task TypesAreWrittenOutWhereTheProjectWantsThem() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.Fix(
        Reader("", "[|_w|]"),
        Reader("System.WeakReference w = _w;", "w").Replace("System.WeakReference w", "WeakReference w"),
        new Options { EditorConfig = "csharp_style_var_elsewhere = false:suggestion" });

    [Fact]
    public Task TypesAreWrittenOutWhereTheFileDoes() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.Fix(
        Reader("", "[|_w|]", "string text = _w.ToString();"),
        Reader("WeakReference w = _w;", "w", "string text = _w.ToString();"));

    [Fact]
    public Task VarIsTheProjects() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.Fix(
        Reader("", "[|_w|]", "string text = _w.ToString();"),
        Reader("var w = _w;", "w", "string text = _w.ToString();"),
        new Options { EditorConfig = "csharp_style_var_elsewhere = true" });

    [Theory]
    [InlineData("int _own;", "", "s_registry")]
    [InlineData("static int _count;", "", "_registry")]
    [InlineData("static int Count = 1;", "", "Registry")]
    [InlineData("public static int Count = 1; int _own;", "", "s_registry")]
    [InlineData("static int s_one, _two, _three;", "", "_registry")]
    [InlineData("static int _count;", Naming, "t_registry")]
    [InlineData("int _own;", NamingOfConstants, "s_registry")]
    public Task FieldsAreNamedAsTheOthers(string fields, string config, string name) =>
        Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        $$"""
        class C
        {
            {{fields}}

            void M(object target)
            {
                new FinalizationRegistry<int>(_ => { }).Register(target, 1);
            }
        }
        """.Replace("new Fin", "[|new Fin").Replace("{ })", "{ })|]"),
        $$"""
        class C
        {
            {{fields}}
            private static readonly FinalizationRegistry<int> {{name}} = new FinalizationRegistry<int>(_ => { });

            void M(object target)
            {
                {{name}}.Register(target, 1);
            }
        }
        """,
        new Options { EditorConfig = config });

    [Theory]
    [InlineData("", "_item", "_item")]
    [InlineData("dotnet_style_qualification_for_field = true:warning", "_item", "this._item")]
    public Task FieldsAreQualifiedAsTheProjectWants(string config, string name, string use) =>
        Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class Item
        {
        }

        class C
        {
            private WeakReference<Item> _weak;

            public C()
            {
                _weak = new WeakReference<Item>([|new Item()|]);
            }
        }
        """,
        $$"""
        class Item
        {
        }

        class C
        {
            private WeakReference<Item> _weak;
            private Item {{name}};

            public C()
            {
                {{use}} = new Item();
                _weak = new WeakReference<Item>({{use}});
            }
        }
        """,
        new Options { EditorConfig = config });

    [Fact]
    public Task FieldsAreQualifiedAsInTheType() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class Item
        {
        }

        class C
        {
            private WeakReference<Item> weak;

            public C()
            {
                this.weak = new WeakReference<Item>([|new Item()|]);
            }
        }
        """,
        """
        class Item
        {
        }

        class C
        {
            private WeakReference<Item> weak;
            private Item item;

            public C()
            {
                this.item = new Item();
                this.weak = new WeakReference<Item>(this.item);
            }
        }
        """);

    private const string Naming = """
        dotnet_naming_rule.static_fields.severity = suggestion
        dotnet_naming_rule.static_fields.symbols = static_fields
        dotnet_naming_rule.static_fields.style = t_prefix
        dotnet_naming_symbols.static_fields.applicable_kinds = field
        dotnet_naming_symbols.static_fields.applicable_accessibilities = private, internal
        dotnet_naming_symbols.static_fields.required_modifiers = static
        dotnet_naming_style.t_prefix.required_prefix = t_
        dotnet_naming_style.t_prefix.capitalization = camel_case
        """;

    private const string NamingOfConstants = """
        dotnet_naming_rule.constants.severity = suggestion
        dotnet_naming_rule.constants.symbols = constants
        dotnet_naming_rule.constants.style = upper
        dotnet_naming_symbols.constants.applicable_kinds = field
        dotnet_naming_symbols.constants.applicable_accessibilities = private
        dotnet_naming_symbols.constants.required_modifiers = const
        dotnet_naming_style.upper.capitalization = pascal_case
        """;

    private static string Reader(string copy, string second, string other = "")
    {
        var first = copy.Length == 0 ? "_w" : "w";
        return $$"""
            class C
            {
                private volatile WeakReference _w;

                void Read()
                {
                    {{copy}}
                    if ({{first}} != null)
                    {
                        Console.WriteLine({{second}}.Target);
                    }
                }

                void Reset() => _w = null;

                void Other()
                {
                    {{other}}
                }
            }
            """.Replace("        \n        if", "        if");
    }
}
