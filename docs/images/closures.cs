// Draws closures.svg: `dotnet run docs/images/closures.cs`. Names and arrows are those of the example in docs/guide.md.
using System.Runtime.CompilerServices;

var svg = new List<string>();
svg.Add("""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 300" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="15">
    <defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
    <path d="M0 0 L10 5 L0 10 z" fill="context-stroke"/></marker></defs>
    <rect width="760" height="300" rx="8" fill="#ffffff"/>
    """);
Box(20, 60, 190, "document.Changed", ["() => document.Title"], "#1f6feb");
Box(20, 190, 190, "registry's callback", ["_ => name"], "#1f6feb");
Box(300, 115, 170, "one closure", ["document", "name"], "#8250df");
Box(560, 60, 180, "Document", ["must die one day"], "#57606a");
Box(560, 190, 180, "string", ["\"report\""], "#57606a");
Arrow(210, 95, 300, 140, "#1f6feb");
Arrow(210, 215, 300, 175, "#1f6feb");
Arrow(470, 160, 560, 110, "#cf222e");
Arrow(470, 185, 560, 210, "#57606a");
Text(20, 35, "Two lambdas of one scope …", "#24292f", 17);
Text(300, 35, "… share one object …", "#24292f", 17);
Text(560, 35, "… that holds both.", "#24292f", 17);
Text(20, 285, "The callback uses only the name. It holds the document all the same, and so the document never dies.", "#cf222e", 15);
svg.Add("</svg>\n");
File.WriteAllText(Path.ChangeExtension(Here(), ".svg"), string.Join('\n', svg).ReplaceLineEndings("\n"));

void Box(int x, int y, int width, string title, string[] lines, string color)
{
    var height = 34 + (24 * lines.Length);
    svg.Add($"""<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="#f6f8fa" stroke="{color}" stroke-width="2"/>""");
    Text(x + 12, y + 23, title, color, 15, "600");
    for (var i = 0; i < lines.Length; i++)
    {
        Text(x + 12, y + 48 + (24 * i), lines[i], "#24292f", 14, "400", "Consolas, Menlo, monospace");
    }
}

void Arrow(int x1, int y1, int x2, int y2, string color) => svg.Add(
    $"""<path d="M{x1} {y1} L{x2} {y2}" stroke="{color}" stroke-width="2" fill="none" marker-end="url(#tip)"/>""");

void Text(int x, int y, string text, string color, int size, string weight = "400", string? family = null) => svg.Add(
    $"""<text x="{x}" y="{y}" fill="{color}" font-size="{size}" font-weight="{weight}"{(family is null ? "" : $" font-family=\"{family}\"")}>"""
    + $"{text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</text>");

static string Here([CallerFilePath] string path = "") => path;
