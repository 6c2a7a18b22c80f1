using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace AnalyzerTesting.Tests;

/// <summary>Reports every local variable whose name starts with "bad"; a test may give it something else to do.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public class Toy : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = New("TOY1");
    public static readonly DiagnosticDescriptor OffByDefault = New("TOY2", enabled: false);

    public DiagnosticDescriptor[] Descriptors { get; init; } = [Rule];

    public Action<AnalysisContext> Start { get; init; } = context => OnBadLocal(context, Report);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [.. Descriptors];

    public static DiagnosticDescriptor New(string id, bool enabled = true)
        => new(id, "Bad name", "'{0}' is a bad name", "Toys", DiagnosticSeverity.Warning, enabled);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        Start(context);
    }

    public static void OnBadLocal(AnalysisContext context, Action<SyntaxNodeAnalysisContext, SyntaxToken> report)
        => context.RegisterSyntaxNodeAction(
            c =>
            {
                var name = ((VariableDeclaratorSyntax)c.Node).Identifier;
                if (name.ValueText.StartsWith("bad", StringComparison.Ordinal))
                {
                    report(c, name);
                }
            },
            SyntaxKind.VariableDeclarator);

    public static void Report(SyntaxNodeAnalysisContext context, SyntaxToken name)
        => context.ReportDiagnostic(Diagnostic.Create(Rule, name.GetLocation(), name.ValueText));
}

/// <summary>Says nothing of generated code, so it must leave it alone; whether it does is up to a test.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ToyWithoutGeneratedCode : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Toy.Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        Toy.OnBadLocal(context, Toy.Report);
    }
}

public sealed class ToyWithoutAttribute : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Toy.Rule];

    public override void Initialize(AnalysisContext context) => new Toy().Initialize(context);
}

/// <summary>Replaces "bad" by "good"; a test may give it something else to do.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public class ToyFix : CodeFixProvider
{
    public FixAllProvider? FixAll { get; init; } = WellKnownFixAllProviders.BatchFixer;

    public Func<CodeFixContext, IEnumerable<CodeAction>> Actions { get; init; } = context => [Rename(context, "good")];

    public override ImmutableArray<string> FixableDiagnosticIds => ["TOY1"];

    public override FixAllProvider? GetFixAllProvider() => FixAll;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var action in Actions(context))
        {
            context.RegisterCodeFix(action, context.Diagnostics);
        }

        return Task.CompletedTask;
    }

    public static CodeAction Rename(CodeFixContext context, string name, string? key = "rename", string title = "Rename")
        => Change(context, (document, cancellationToken) => RenameAsync(document, [context.Diagnostics[0]], name, cancellationToken), key, title);

    public static CodeAction Change(
        CodeFixContext context, Func<Document, CancellationToken, Task<Document>> change, string? key = "rename", string title = "Rename")
        => CodeAction.Create(title, c => change(context.Document, c), key);

    public static async Task<Document> RenameAsync(
        Document document, IEnumerable<Diagnostic> diagnostics, string name, CancellationToken cancellationToken)
    {
        var text = await document.GetTextAsync(cancellationToken);
        return document.WithText(text.WithChanges(
            diagnostics.Select(d => new TextChange(new TextSpan(d.Location.SourceSpan.Start, "bad".Length), name))));
    }
}

public sealed class ToyFixNotExported : ToyFixBase;

[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ToyFixNotShared : ToyFixBase;

public abstract class ToyFixBase : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TOY1"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context) => new ToyFix().RegisterCodeFixesAsync(context);
}

public sealed class ToyTest : CSharpCodeFixTest<Toy, ToyFix, DefaultVerifier>
{
    public DiagnosticAnalyzer Analyzer { get; init; } = new Toy();

    public CodeFixProvider Fix { get; init; } = new ToyFix();

    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [Analyzer];

    protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [Fix];

    public ToyTest Expecting(params DiagnosticResult[] expected)
    {
        ExpectedDiagnostics.AddRange(expected);
        return this;
    }

    /// <summary>The run fails, and its message holds each of the parts.</summary>
    public async Task FailsAsync(params string[] parts)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(CancellationToken.None));
        foreach (var part in parts)
        {
            Assert.True(exception.Message.Contains(part, StringComparison.Ordinal), $"'{part}' is not in: {exception.Message}");
        }
    }

    public static string Body(string statements) => $"class C\n{{\n    void M()\n    {{\n        {statements}\n    }}\n}}\n";
}
