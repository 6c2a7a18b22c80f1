// Renders the pictures of README.md and docs/guide.md into this folder: `dotnet run docs/images/pictures.cs`. It wants `chromium` on the path.
// What they show is the product's: the reports of the analyzer, the titles of the fixes, the code that these make, the log of a build.
#:project ../../src/WeakRefAnalyzers/WeakRefAnalyzers.csproj
#:project ../../src/WeakRefAnalyzers.CodeFixes/WeakRefAnalyzers.CodeFixes.csproj
#:project ../../src/WeakRefs/WeakRefs.csproj
#:package Microsoft.CodeAnalysis.CSharp.Workspaces
#:property PublishAot=false
#:property RunAnalyzers=false

using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

const string Style = """
    * { box-sizing: border-box; } body { margin: 0; padding: 20px; background: #181818; color: #d4d4d4; width: WIDTHpx;
    font: 15px/1.45 "DejaVu Sans Mono", Consolas, Menlo, monospace; }
    .pane { background: #1f1f1f; border: 1px solid #333; border-radius: 8px; padding: 12px 18px; margin-bottom: 14px; }
    .head { color: #9d9d9d; font-size: 13px; margin-bottom: 8px; } pre { margin: 0; white-space: pre-wrap; font: inherit; }
    .keyword { color: #569cd6; } .control { color: #c586c0; } .type { color: #4ec9b0; } .method { color: #dcdcaa; }
    .name { color: #9cdcfe; } .string { color: #ce9178; } .number { color: #b5cea8; } .comment { color: #6a9955; }
    .squiggle { text-decoration: underline wavy #e2b93d 1.5px; text-underline-offset: 4px; text-decoration-skip-ink: none; }
    .tip { background: #252526; border: 1px solid #454545; border-left: 4px solid #e2b93d; border-radius: 4px; margin: 8px 0 8px 32px;
    padding: 8px 12px; font: 14px/1.4 "DejaVu Sans", "Segoe UI", sans-serif; color: #d4d4d4; white-space: normal; } .tip b { color: #e2b93d; }
    .menu { display: inline-block; background: #252526; border: 1px solid #454545; border-radius: 6px; margin: 2px 0 6px 32px; padding: 5px;
    font: 14px "DejaVu Sans", "Segoe UI", sans-serif; } .menu div { padding: 5px 14px 5px 8px; border-radius: 4px; white-space: normal; }
    .menu div:first-child { background: #04395e; color: #fff; } .bulb { color: #ffcc00; margin-right: 8px; } .new { background: #1e3a24; }
    .warn { color: #e2b93d; } .dim { color: #7d7d7d; }
    """;

var folder = Path.GetDirectoryName(Here())!;
var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
    .Select(path => MetadataReference.CreateFromFile(path))
    .ToArray();
var fixes = typeof(WeakRefAnalyzers.Fixes.WREF101_GuardTarget).Assembly.GetTypes()
    .Where(type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
    .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)
    .ToArray();
foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "examples"), "*.cs").Order(StringComparer.Ordinal))
{
    var id = Path.GetFileNameWithoutExtension(path);
    Render(id.ToLowerInvariant(), 1040, await PictureAsync(id, File.ReadAllText(path).ReplaceLineEndings("\n")));
}

Render("build", 1240, BuildLog());

async Task<string> PictureAsync(string id, string code)
{
    using var workspace = new AdhocWorkspace();
    var project = workspace.AddProject("App", LanguageNames.CSharp)
        .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
        .WithMetadataReferences(references)
        .AddDocument("Usings.cs", """
            global using System; global using System.Collections.Generic; global using System.Collections.Concurrent;
            global using System.Runtime.CompilerServices; global using WeakRefs;
            """)
        .Project;
    var document = project.AddDocument(id + ".cs", code);
    var compilation = (await document.Project.GetCompilationAsync())!;
    var error = compilation.GetDiagnostics().FirstOrDefault(one => one.Severity == DiagnosticSeverity.Error);
    var reports = await compilation.WithAnalyzers([new WeakRefAnalyzers.WeakRefAnalyzer()]).GetAnalyzerDiagnosticsAsync();
    if (error is not null || reports.Length != 1 || reports[0].Id != id)
    {
        throw new InvalidOperationException($"{id}: {error?.ToString() ?? string.Join('\n', reports)}");
    }

    List<CodeAction> actions = [];
    foreach (var fix in fixes.Where(fix => fix.FixableDiagnosticIds.Contains(id)))
    {
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, reports[0], (action, _) => actions.Add(action), default));
    }

    var operations = await actions[0].GetOperationsAsync(default);
    var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
    var menu = string.Concat(actions.Select((action, i) =>
        $"<div>{(i == 0 ? "<span class=bulb>●</span>" : "<span class=bulb>&nbsp;</span>")}{Html(action.Title)}</div>"));
    var tip = $"<div class=tip><b>{id}</b>: {Html(reports[0].GetMessage(null))}</div><div class=menu>{menu}</div>";
    return $"<div class=pane><div class=head>{id}.cs</div>{await CodeAsync(document, reports[0].Location.SourceSpan, tip, [])}</div>"
        + $"<div class=pane><div class=head>{id}.cs, fixed</div>{await CodeAsync(changed, default, "", code.Split('\n'))}</div>";
}

// The text in colours; under the line with the report stands what is said about it, and lines that were not there before stand out.
static async Task<string> CodeAsync(Document document, TextSpan reported, string tip, string[] before)
{
    var text = await document.GetTextAsync();
    var spans = (await Classifier.GetClassifiedSpansAsync(document, new TextSpan(0, text.Length)))
        .Where(span => !ClassificationTypeNames.AdditiveTypeNames.Contains(span.ClassificationType))
        .ToArray();
    var html = new StringBuilder("<pre>");
    foreach (var line in text.Lines.Where(line => line.Start < text.Length))
    {
        var row = new StringBuilder();
        for (var at = line.Start; at < line.End;)
        {
            var span = Array.Find(spans, span => span.TextSpan.Contains(at));
            var end = Math.Min(line.End, span.TextSpan.Length > 0 ? span.TextSpan.End
                : spans.Where(span => span.TextSpan.Start > at).Select(span => span.TextSpan.Start).DefaultIfEmpty(line.End).Min());
            end = at < reported.Start ? Math.Min(end, Math.Max(reported.Start, at + 1)) : at < reported.End ? Math.Min(end, reported.End) : end;
            var classes = ClassOf(span.ClassificationType) + (reported.Contains(at) ? " squiggle" : "");
            row.Append($"<span class=\"{classes}\">{Html(text.ToString(TextSpan.FromBounds(at, end)))}</span>");
            at = end;
        }

        var isNew = before.Length > 0 && line.Span.Length > 0 && !before.Contains(line.ToString());
        html.Append(isNew ? $"<span class=new>{row}</span>" : row).Append('\n');
        html.Append(reported.Length > 0 && line.Span.Contains(reported.Start) ? $"</pre>{tip}<pre>" : "");
    }

    return html.Append("</pre>").ToString();
}

static string ClassOf(string? classification) => classification switch
{
    ClassificationTypeNames.ControlKeyword => "control",
    ClassificationTypeNames.Keyword => "keyword",
    ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "method",
    ClassificationTypeNames.LocalName or ClassificationTypeNames.ParameterName or ClassificationTypeNames.FieldName
        or ClassificationTypeNames.PropertyName => "name",
    ClassificationTypeNames.StringLiteral => "string",
    ClassificationTypeNames.NumericLiteral => "number",
    ClassificationTypeNames.Comment => "comment",
    { } name when name.EndsWith("name", StringComparison.Ordinal) && name != ClassificationTypeNames.NamespaceName => "type",
    _ => "",
};

// A build of samples/Misuse, of which some lines are shown, without the folder and the link.
string BuildLog()
{
    var root = Path.GetFullPath(Path.Combine(folder, "..", ".."));
    var log = Run("dotnet", "build", Path.Combine(root, "samples", "Misuse"), "--no-incremental", "-v:q", "-tl:off");
    var lines = log.Split('\n').Where(line => line.Contains(": warning WREF", StringComparison.Ordinal)).Distinct().ToArray();
    var shown = lines.Where(line => Directory.EnumerateFiles(Path.Combine(folder, "examples"), "*.cs").Any(example =>
        line.Contains($"warning {Path.GetFileNameWithoutExtension(example)}:", StringComparison.Ordinal)));
    var html = string.Concat(shown.Order(StringComparer.Ordinal).Select(line =>
    {
        var text = line[..line.LastIndexOf(" (https", StringComparison.Ordinal)].Replace(root + Path.DirectorySeparatorChar, "");
        var (place, rest) = (text[..text.IndexOf(": warning", StringComparison.Ordinal)], text[(text.IndexOf("warning", StringComparison.Ordinal) + 7)..]);
        return $"<div>{Html(place)}: <span class=warn>warning</span>{Html(rest)}</div>\n";
    }));
    return $"<div class=pane><div class=dim>$ dotnet build samples/Misuse</div>{html}"
        + $"<div class=dim>… {lines.Length} warnings, one for each file</div></div>";
}

void Render(string name, int width, string body)
{
    var page = Path.Combine(Path.GetTempPath(), name + ".html");
    var image = Path.Combine(folder, name + ".png");
    File.WriteAllText(page, $"<!doctype html><meta charset=utf-8><style>{Style.Replace("WIDTH", $"{width}")}</style>{body}");

    // The height is known once it is laid out.
    var measured = page + ".measure.html";
    File.WriteAllText(measured, File.ReadAllText(page) + "<script>document.title = document.body.scrollHeight</script>");
    var dom = Run("chromium", "--headless", "--no-sandbox", "--disable-gpu", $"--window-size={width},100", "--dump-dom", measured);
    var height = dom[(dom.IndexOf("<title>", StringComparison.Ordinal) + 7)..dom.IndexOf("</title>", StringComparison.Ordinal)];
    Run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", $"--window-size={width},{height}",
        $"--screenshot={image}", page);
    Console.WriteLine($"{name}.png: {new FileInfo(image).Length / 1024} KB");
}

static string Run(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    process.ErrorDataReceived += static (_, _) => { };
    process.BeginErrorReadLine();
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return output;
}

static string Html(string text) => WebUtility.HtmlEncode(text);

static string Here([CallerFilePath] string path = "") => path;
