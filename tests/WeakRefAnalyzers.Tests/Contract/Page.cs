using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// The C# of one document. A block with lines that say <c>// WREFnnn</c> is wrong, and just these lines are reported;
/// any other is right and
/// clean under all rules. After the word csharp, <c>fix</c> says that this is what the code fix makes of the block
/// before, <c>outline</c> that it is no program, <c>run</c> that its statements print what stands behind
/// <c>// prints:</c>. What blocks use without declaring it stands in a comment of the page, <c>&lt;!-- prelude … --&gt;</c>.
/// </summary>
internal sealed partial class Page
{
    /// <summary>What every block may use without a word.</summary>
    public const string Usings = $"""
        {References.Usings}
        global using System.Collections.Concurrent;
        global using System.Collections.Immutable;
        global using System.Diagnostics;
        global using System.Runtime.CompilerServices;
        global using WeakRefs.Annotations;
        """;

    private readonly Parts _prelude;

    private Page(string path, string text)
    {
        Path = path;
        _prelude = Parts.Of(string.Concat(Prelude().Matches(text).Select(static match => match.Groups[1].Value)), declarations: true);
        Blocks = [.. Fence()
            .Matches(text)
            .Select(match =>
                new Block(match.Groups[1].Value, match.Groups[2].Value, text[..match.Index].Count(static c => c == '\n') + 2))];
    }

    public string Path { get; }

    public IReadOnlyList<Block> Blocks { get; }

    public static IEnumerable<Page> All { get; } =
        [.. new[] { "README.md", "src/WeakRefs/README.md" }
            .Concat(Repository.List("docs", "*.md"))
            .Select(static path => new Page(path, Repository.Read(path)))];

    /// <summary>The block as a program: what stands bare goes into a class, statements into a method of it.</summary>
    public string Program(Block block)
    {
        var parts = Parts.Of(block.Text);
        var names = parts.Names.ToHashSet();
        var prelude = _prelude.Without(names);
        var result = new StringBuilder();
        foreach (var type in parts.Types)
        {
            result.AppendLine(type.ToFullString());
        }

        if (parts.Members.Count + parts.Statements.Count > 0)
        {
            result.AppendLine($"partial class {parts.Owner}").AppendLine("{");
            parts.Members.ForEach(member => result.AppendLine(member.ToFullString()));
            if (parts.Statements.Count > 0)
            {
                result.AppendLine("    void Run()").AppendLine("    {");
                parts.Statements.ForEach(statement => result.AppendLine(statement.ToFullString()));
                result.AppendLine("    }");
            }

            result.AppendLine("}");
        }

        prelude.Types.ForEach(type => result.AppendLine(type.ToFullString()));
        if (prelude.Members.Count > 0)
        {
            result.AppendLine($"partial class {parts.Owner}").AppendLine("{");
            prelude.Members.ForEach(member => result.AppendLine(member.ToFullString()));
            result.AppendLine("}");
        }

        return result.ToString();
    }

    /// <summary>The declarations and statements of the block, one by one.</summary>
    public static IEnumerable<string> PiecesOf(Block block)
    {
        var parts = Parts.Of(block.Text);
        return parts.Types.Concat<SyntaxNode>(parts.Members).Concat(parts.Statements).Select(static node => node.ToString());
    }

    [GeneratedRegex(@"^```csharp *(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"<!-- prelude\n(.*?)-->", RegexOptions.Singleline)]
    private static partial Regex Prelude();

    [GeneratedRegex(@"// prints: (.*)")]
    private static partial Regex Prints();

    [GeneratedRegex(@"// (WREF\d{3})\b")]
    private static partial Regex Mark();

    /// <param name="Kind">The word after csharp.</param>
    /// <param name="Text">The code.</param>
    /// <param name="Line">Where it begins, from 1.</param>
    internal sealed record Block(string Kind, string Text, int Line)
    {
        public bool IsWrong => Mark().IsMatch(Text);
    }

    /// <summary>What the block says that it prints, line by line.</summary>
    public static IEnumerable<string> PrintsOf(Block block) => Prints().Matches(block.Text).Select(static match => match.Groups[1].Value);

    /// <summary>The ids that a line is marked with.</summary>
    public static IEnumerable<string> MarksOf(string line) => Mark().Matches(line).Select(static match => match.Groups[1].Value);

    private sealed record Parts(
        List<MemberDeclarationSyntax> Types,
        List<MemberDeclarationSyntax> Members,
        List<StatementSyntax> Statements)
    {
        public IEnumerable<string> Names => Types.Concat(Members).SelectMany(NamesOf);

        /// <summary>The class that bare members belong to: the one whose constructor or finalizer is among them.</summary>
        public string Owner => Members.Select(static member => member switch
        {
            ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
            DestructorDeclarationSyntax finalizer => finalizer.Identifier.ValueText,
            _ => null,
        }).FirstOrDefault(static name => name is not null) ?? "Page";

        public static Parts Of(string text, bool declarations = false)
        {
            var parts = new Parts([], [], []);
            var unit = Parse(text);
            if (unit.GetDiagnostics().Any(static error => error.Id != "CS8803")) // Types may come first here.
            {
                // A constructor or finalizer stands in a class only.
                var name = Regex.Match(text, @"~(\w+)\(|public (\w+)\(");
                unit = Parse($"class {name.Groups[1].Value}{name.Groups[2].Value}\n{{\n{text}\n}}");
                var members = ((TypeDeclarationSyntax)unit.Members[0]).Members;
                parts.Types.AddRange(members.OfType<BaseTypeDeclarationSyntax>());
                parts.Members.AddRange(members.Where(static member => member is not BaseTypeDeclarationSyntax));
                return parts;
            }

            foreach (var member in unit.Members)
            {
                switch (member)
                {
                    case BaseNamespaceDeclarationSyntax space:
                        parts.Types.Add(space);
                        break;
                    case BaseTypeDeclarationSyntax type:
                        parts.Types.Add(type);
                        break;
                    case GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax function }:
                        parts.Members.Add(Member(function.ToFullString()));
                        break;
                    case GlobalStatementSyntax { Statement: LocalDeclarationStatementSyntax field } when declarations:
                        parts.Members.Add(Member(field.ToFullString()));
                        break;
                    case GlobalStatementSyntax { Statement: var statement }:
                        parts.Statements.Add(statement);
                        break;
                    default:
                        parts.Members.Add(member);
                        break;
                }
            }

            return parts;
        }

        public Parts Without(HashSet<string> names) => new(
            Types.FindAll(type => !NamesOf(type).Any(names.Contains)),
            Members.FindAll(member => !NamesOf(member).Any(names.Contains)),
            []);

        private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
        {
            BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(static variable => variable.Identifier.ValueText),
            MethodDeclarationSyntax method => [method.Identifier.ValueText],
            PropertyDeclarationSyntax property => [property.Identifier.ValueText],
            _ => [],
        };

        private static CompilationUnitSyntax Parse(string text) =>
            CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot();

        private static MemberDeclarationSyntax Member(string text)
            => ((TypeDeclarationSyntax)Parse($"class Page\n{{\n{text}\n}}").Members[0]).Members[0];
    }
}
