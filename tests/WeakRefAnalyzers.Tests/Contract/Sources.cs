using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// How the analyzer's sources are cut: what one rule needs stands beside it, what several need below, and nothing below looks up.
/// </summary>
public partial class Sources
{
    private const string Root = "src/WeakRefAnalyzers";

    /// <summary>From what all may use to what uses all. A folder may name those to its left.</summary>
    private static readonly string[] Order =
        ["Code", "Roles", "Reading", "Holding", "Collections", "CollectorTests", "Finalizing", "Rules"];

    private static readonly string[] Folders = ["src", "samples", "tests"];

    private static readonly string[] Files = InFolders(Root);

    public static int LinesOf(string file) => Repository.Read(file).Count(c => c == '\n');

    /// <summary>The rule itself; what only it needs has a second name behind a dot.</summary>
    public static string FileOf(string id) => Repository.List(Root + "/Rules", $"{id}_*.cs").Single(file => file.Count(c => c == '.') == 1);

    [Fact]
    public void FoldersPointOneWay()
    {
        Assert.Empty(Files.Select(FolderOf).Distinct().Except(Order));
        Assert.All(Files.Concat(InFolders(Root + ".VisualBasic")), file =>
        {
            var text = Repository.Read(file);
            Assert.Contains($"namespace WeakRefAnalyzers.{FolderOf(file)};", text);
            Assert.All(Folder().Matches(text), use => Assert.True(
                Array.IndexOf(Order, use.Groups[1].Value) <= Array.IndexOf(Order, FolderOf(file)),
                $"{file} looks up to {use.Groups[1].Value}"));
        });
    }

    [Fact]
    public void NothingBelowRulesKnowsOne() =>
        Assert.DoesNotContain(Files, file => FolderOf(file) != "Rules" && Regex.IsMatch(Repository.Read(file), "WREF[0-9]"));

    /// <summary>Only the walker over weak reads is one thing that cannot be told in less.</summary>
    [Fact]
    public void FilesAreShort() =>
        Assert.All(
            Repository.List(Root, "*.cs").Concat(Repository.List("src/WeakRefAnalyzers.CodeFixes", "*.cs")),
            file => Assert.True(file.Contains("/WeakReadWalker") || LinesOf(file) <= 400, $"{file} has {LinesOf(file)} lines"));

    /// <summary>Sources for the analyzer to read are written as their authors write: raw strings, and the rows of shapes.</summary>
    [Fact]
    public void LinesAreShort() =>
        Assert.All(
            Folders
                .SelectMany(folder => Repository.List(folder, "*.cs"))
                .Where(file => !file.Contains("/Shapes/")),
            file =>
            {
                var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["ROSLYN_LATEST"]);
                var tree = CSharpSyntaxTree.ParseText(Repository.Read(file), options);
                var raw = tree.GetRoot().DescendantTokens()
                    .Where(token => token.Kind() is SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringTextToken)
                    .Select(token => token.Span)
                    .ToArray();
                var lines = tree.GetText().Lines.Where(line => line.Span.Length > 140 && !raw.Any(span => span.Contains(line.Start)));
                Assert.True(!lines.Any(), $"{file}: {string.Join(", ", lines.Select(line => line.LineNumber + 1))}");
            });

    [Fact]
    public void CodeStaysSmall() => Assert.InRange(Files.Where(file => FolderOf(file) == "Code").Sum(LinesOf), 1, 1300);

    /// <summary>What a file declares is looked for by name in all others, and so on up to the rules.</summary>
    [Fact]
    public void WhatOneRuleNeedsStandsBesideIt()
    {
        var listeners = Words(string.Concat(Repository.List(Root, "Subscriptions*.cs").Select(Repository.Read)));
        var words = Files.ToDictionary(file => file, file => Words(Repository.Read(file)));
        var users = Files.ToDictionary(file => file, file => Declaration().Matches(Repository.Read(file))
            .SelectMany(type => Files.Where(other => other != file && words[other].Contains(type.Groups[1].Value))).ToHashSet());
        Assert.All(Files.Where(file => FolderOf(file) != "Rules"), file =>
        {
            var reached = new HashSet<string> { file };
            for (var open = new Queue<string>(reached); open.TryDequeue(out var next);)
            {
                foreach (var user in users[next].Where(reached.Add))
                {
                    open.Enqueue(user);
                }
            }

            // What the subscriptions run serves whoever listens.
            Assert.True(reached.Where(user => FolderOf(user) == "Rules").Select(user => Id().Match(user).Value).Distinct().Count() > 1
                || Declaration()
                    .Matches(Repository.Read(file))
                    .Any(type => listeners.Contains(type.Groups[1].Value)),
                    $"{file} serves one rule");
        });
    }

    private static string[] InFolders(string root) =>
        [.. Repository.List(root, "*.cs").Where(static file => file.Count(c => c == '/') > 2)];

    private static string FolderOf(string file)
        => file[..file.LastIndexOf('/')].Split('/').Last() is var folder && file.Count(c => c == '/') > 2 ? folder : Root;

    private static HashSet<string> Words(string text) => [.. Word().Matches(Comment().Replace(text, "")).Select(match => match.Value)];

    [GeneratedRegex(@"WeakRefAnalyzers\.(\w+)\b(?=;)(?<!namespace WeakRefAnalyzers\.\w+)")]
    private static partial Regex Folder();

    [GeneratedRegex(@"(?m)^internal (?:static |sealed |readonly |abstract |partial )*(?:record struct|record|class|struct|enum) (\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex("WREF[0-9]+")]
    private static partial Regex Id();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
