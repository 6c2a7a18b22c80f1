using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF101_UncheckedTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF101",
        "Target used without a check",
        "'{0}' is null {1}, and using it here then throws; {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A weak reference gives null as soon as its target has been collected, which can happen between any two "
            + "instructions. Code that dereferences the value without a check works until the collector runs, and then throws a "
            + "NullReferenceException.",
        helpLinkUri: HelpLink("WREF101"), customTags: Tags("WREF101"));

    public override void Start(Subscriptions on) => on.OnFinding(WeakFindingKind.Unchecked, static (finding, context) =>
    {
        var read = Text.Of(finding.Read.Syntax);
        var used = Used(finding.Where);
        var (value, when, remedy) = used is IdentifierNameSyntax && used.Span != finding.Read.Syntax.Span
            ? (Text.Of(used), $"when '{read}' found its target collected", "check it first")
            : (read, "once its target has been collected", "read it into a variable and check that first");

        // The target of a view's or an item's owner is alive whenever it is asked for, as a rule: not worth a warning.
        var severity = finding.Read.IsWrapped ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity;
        context.ReportDiagnostic(Related.Report(
            Descriptor, severity, finding.Where.GetLocation(), [(Place.Read, finding.Read.Syntax)], value, when, remedy));
    });

    /// <summary>The expression that is dereferenced: what stands before the dot, the index, the call.</summary>
    private static SyntaxNode Used(SyntaxNode where) => where switch
    {
        InvocationExpressionSyntax call => Used(call.Expression),
        MemberAccessExpressionSyntax access => Syntax(access.Expression),
        ElementAccessExpressionSyntax element => Syntax(element.Expression),
        AwaitExpressionSyntax wait => Syntax(wait.Expression),
        _ => Syntax(where),
    };

    private static SyntaxNode Syntax(SyntaxNode value) => Syntaxes.Strip(value as ExpressionSyntax) ?? value;
}
