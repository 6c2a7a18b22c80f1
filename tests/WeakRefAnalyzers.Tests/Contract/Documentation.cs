using System.Text;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The generated parts of docs: a block in each rule's page, and the table of docs/index.md.</summary>
internal static class Documentation
{
    private const string Begin = "<!-- generated -->\n";
    private const string End = "<!-- /generated -->\n";

    // What other tools for C# report of the same defect.
    private static readonly Dictionary<string, string> Peers = new()
    {
        ["WREF101"] = "PVS-Studio V3145 (`WeakReference` only)",
        ["WREF102"] = "PVS-Studio V3145 (`WeakReference` only)",
        ["WREF501"] = "Meziantou MA0055 (any finalizer)",
        ["WREF502"] = "Meziantou MA0055 (any finalizer)",
        ["WREF503"] = "IDISP023 (any reference type), PVS-Studio V3100 (null only)",
        ["WREF505"] = "S1048 and CA1065 (`throw` statements), PVS-Studio V3100 (null fields)",
        ["WREF506"] = "PVS-Studio V3101",
        ["WREF507"] = "RBI0014 (internal to dotnet/macios)",
        ["WREF510"] = "CodeQL cs/unsynchronized-static-access (static collections, whichever thread)",
        ["WREF604"] = "S2328 and ReSharper (a field that is not readonly, weak or not)",
    };

    public static bool IsPeerOfARule(Func<string, bool> isRule) => Peers.Keys.All(isRule);

    public static string PageOf(DiagnosticDescriptor rule) => $"docs/rules/{rule.Id}.md";

    public static string BlockOf(DiagnosticDescriptor rule) => $"""
        | | |
        |---|---|
        | Default severity | {rule.DefaultSeverity} |
        | Code fix | {(Repository.HasFix(rule.Id) ? "yes" : "no")} |
        | Reads | C#{(Repository.ReadsVisualBasic(rule.Id) ? ", Visual Basic" : "")} |
        | Category | {rule.Category} |
        | Also reported by | {Peer(rule)} |

        [All rules](../index.md)

        """.ReplaceLineEndings("\n");

    public static string Table()
    {
        var table = new StringBuilder(
            "| Rule | What it reports | Severity | Fix | Visual Basic | Who else catches this |\n|---|---|---|---|---|---|\n");
        foreach (var rule in Repository.Descriptors)
        {
            table.Append(
                $"| [{rule.Id}](rules/{rule.Id}.md) | {rule.Title} | {rule.DefaultSeverity} "
                    + $"| {(Repository.HasFix(rule.Id) ? "yes" : "no")} | {(Repository.ReadsVisualBasic(rule.Id) ? "yes" : "no")} "
                    + $"| {Peer(rule)} |\n");
        }

        return table.ToString();
    }

    /// <summary>Checks that the file holds this block, or writes it.</summary>
    public static void Check(string path, string block)
    {
        var text = Repository.Read(path);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{path} has no generated block: a line {Begin.Trim()} and a line {End.Trim()}.");
        var expected = text[..(begin + Begin.Length)] + block + text[end..];
        if (Repository.Update && expected != text)
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), expected);
            return;
        }

        Assert.True(
            expected == text,
            $"The generated block of {path} is out of date: run `dotnet test tests/WeakRefAnalyzers.Tests` with UPDATE=1.");
    }

    private static string Peer(DiagnosticDescriptor rule) => Peers.GetValueOrDefault(rule.Id, "nobody");
}
