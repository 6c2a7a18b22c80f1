using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Flow;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF303_LambdaCapturesWeakTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF303",
        "Lambda captures the object it holds weakly",
        "This delegate reads '{0}' through the weak reference '{1}', but keeps it alive {2} '{3}', so the weak reference is of no use; go through the reference only",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A delegate that goes through a weak reference is meant not to keep the object alive. One strong use in it, or in another function of the same scope, puts the object into the closure, and whoever holds the delegate keeps the object.",
        helpLinkUri: HelpLink("WREF303"));

    public override void Start(Subscriptions on) => on.OnTarget(Analyze);

    private static void Analyze(WeakTarget made, OperationAnalysisContext context)
    {
        var root = Bodies.RootOf(made.Operation);
        if (made.Kind is not (WeakTargetKind.Reference or WeakTargetKind.Handle)
            || !root.Syntax.DescendantNodes().Any(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            || Objects.PathOf(made.Value) is not { } target || HolderOf(made) is not { } reference)
        {
            return;
        }

        var retention = new Retention(context.Compilation, context.CancellationToken);
        var escapes = new Escapes(context.Compilation, context.CancellationToken);
        foreach (var operation in root.Descendants())
        {
            if (operation is IDelegateCreationOperation { Target: var function } && BodyOf(function, root) is { } body
                && body.Descendants().Any(use => reference.Equals(Objects.PathOf(use)))
                && retention.Find(function, target) is { } hold && escapes.Leaves(operation, target))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    function.Syntax.GetLocation(),
                    [hold.Cause.Syntax.GetLocation(), made.Operation.Syntax.GetLocation()],
                    made.Value.Syntax.ToString(),
                    ((ISymbol)reference.Segment).Name,
                    hold.Shared ? "in the closure it shares with the use of" : "through",
                    Text.Of(hold.Cause.Syntax)));
            }
        }
    }

    private static IOperation? BodyOf(IOperation function, IOperation root) => function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Body,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local } => root.Descendants().FirstOrDefault(operation => operation is ILocalFunctionOperation { Symbol: var symbol } && SymbolEqualityComparer.Default.Equals(symbol, local.OriginalDefinition)),
        _ => null,
    };

    /// <summary>The variable the weak reference is in.</summary>
    private static Flow.Path? HolderOf(WeakTarget made)
    {
        if (made.Holder is not null)
        {
            return Objects.PathOf(made.Holder);
        }

        var parent = made.Operation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            ISimpleAssignmentOperation assignment => Objects.PathOf(assignment.Target),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => Objects.PathOf(declarator.Symbol, declarator),
            _ => null,
        } is { Segment: ISymbol } path ? path : null;
    }
}
