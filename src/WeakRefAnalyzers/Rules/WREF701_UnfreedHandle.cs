using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF701_UnfreedHandle() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF701",
        "Weak handle never freed",
        "The {0} to '{1}' {2}: a handle outlives its target and its owner, so each one takes a slot of the handle "
            + "table for good; {3}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "GCHandle, WeakGCHandle<T> and DependentHandle are structs around a slot of the runtime's handle table. "
            + "The collector clears a weak slot but never returns it; only Free or Dispose does.",
        helpLinkUri: HelpLink("WREF701"), customTags: Tags("WREF701"));

    public override void Start(Subscriptions on) => on.OnTarget((target, context) => Analyze(target, on.Known, context));

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        // Not an assignment of the target: the handle was made elsewhere.
        if (target is not { Kind: WeakTargetKind.Handle or WeakTargetKind.DependentHandle, Holder: null })
        {
            return;
        }

        SyntaxNode? exit = null;
        if (!HandleFate.IsNeverFreed(target.Operation, out var field, known))
        {
            field = null;
            exit = HandleExits.Of(target.Operation, known);
            if (exit is null)
            {
                return;
            }
        }

        if (IsOfWholeRun(target.Operation, context.ContainingSymbol) || CollectorTest.Watches(target, known))
        {
            return;
        }

        var isGcHandle = target.Operation is IInvocationOperation;
        var overwrites = exit?.Span.Contains(target.Operation.Syntax.Span) == true;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            target.Operation.Syntax.GetLocation(),
            exit is null || overwrites ? field?.Locations : new[] { exit.GetLocation() }.ToImmutableArray(),
            isGcHandle ? "weak GCHandle" : target.Operation.Type!.Name,
            Text.Of(Operations.Inner(target.Value).Syntax),
            exit is null ? "is never freed"
                : overwrites ? "takes the place of one that is not freed" : $"is not freed before '{Text.Of(exit).TrimEnd(';')}'",
            exit is not null ? overwrites ? "free that one first" : "free it in a finally block"
                : isGcHandle ? "use a WeakReference, or call Free when the owner is done" : "dispose it when the owner is done"));
    }

    /// <summary>Made once where the program begins, and not even looked at: its slot is given back when that ends.</summary>
    private static bool IsOfWholeRun(IOperation made, ISymbol around)
    {
        if (around is not IMethodSymbol { IsStatic: true, Name: "Main" or "<Main>$" }
            || Operations.Outer(made).Parent is not IExpressionStatementOperation)
        {
            return false;
        }

        for (var parent = made.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation or IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return false;
            }
        }

        return true;
    }
}
