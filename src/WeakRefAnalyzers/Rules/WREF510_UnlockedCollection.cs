using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF510_UnlockedCollection() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF510",
        "Finalizer or cleanup callback changes a collection that others use",
        "This runs on another thread and changes '{0}' without a lock while other code uses it; take one lock around all uses, or use "
            + "a concurrent collection",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Finalizers run on the finalizer thread and cleanup callbacks on a background thread, at any moment. A list or "
            + "dictionary that is changed there while another thread uses it loses entries, throws, or never comes to an end.",
        helpLinkUri: HelpLink("WREF510"), customTags: Tags("WREF510"));

    public override Mention Needs => Mention.Finalizer | Mention.WeakType | Mention.WeakRead;

    public override void Start(Subscriptions on)
    {
        var retention = new Retention(on.Compilation, on.Known);
        on.OnFinalizer((reach, context) =>
        {
            if (!reach.Rearms)
            {
                Analyze(reach, null, on, retention, context.ReportDiagnostic, context.CancellationToken);
            }
        });
        on.OnCleanup((cleanup, context) =>
        {
            if (context.ContainingSymbol.ContainingType is { } type && !RunsElsewhere(cleanup)
                && FinalizerReach.OfCallback(cleanup.Callback, type, on.Known, context.CancellationToken) is { } reach)
            {
                Analyze(reach, cleanup, on, retention, context.ReportDiagnostic, context.CancellationToken);
            }
        });
    }

    private static void Analyze(FinalizerReach reach, CleanupCallback? cleanup, Subscriptions on, Retention retention,
        Action<Diagnostic> report, CancellationToken cancel)
    {
        SharedCollections? shared = null;
        SyntaxNode? removal = null;
        HashSet<ISymbol> told = new(SymbolEqualityComparer.Default);
        foreach (var reached in reach.Operations)
        {
            if (ChangeOf(reached.Operation) is not { } change)
            {
                continue;
            }

            if (shared is null)
            {
                shared = new SharedCollections(reach, cleanup, on, cancel);
                removal = new Removals(reach, on.Reads, retention, ofDeadObject: cleanup is null, cancel).Find()?.Call;
            }

            // An entry that may be another's by then is the worse of the two.
            if (shared.Of(change, reached) is { } collection && reached.Operation.Syntax != removal && !PutsItself(reached.Operation)
                && !IsOfWeakMap(reached, collection, shared, on)
                && !reach.IsInherited(reached) && !CollectorTest.IsTestCode(reach.Root, on.Known)
                && (cleanup is not null || new StaticHolds(reach, retention, cancel).Awaited(reached) is null) && told.Add(collection))
            {
                report(Related.Report(Descriptor, reach.SiteOf(reached).Syntax.GetLocation(),
                    [(Place.Cause, shared.GateOf(collection)), (Place.Change, reached.Operation.Syntax)], collection.Name));
            }
        }
    }

    /// <summary>The collection whose content the operation changes.</summary>
    private static IOperation? ChangeOf(IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: var name } when Changes(name) => instance,
        IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: { } instance, Parent: IAssignmentOperation assignment }
            when assignment.Target == operation => instance,
        _ => null,
    };

    private static bool Changes(string method) => Vocabulary.IsGrowth(method)
        || (Vocabulary.IsRemoval(method) && method != "TryPeek")
        || method is "Sort" or "Reverse" or "Push" or "ExceptWith";

    /// <summary>
    /// An entry in a map of weak references that is looked at before it is removed, where nobody takes a lock at all: how to remove it is
    /// another rule's advice.
    /// </summary>
    private static bool IsOfWeakMap(Reached reached, ISymbol collection, SharedCollections shared, Subscriptions on) =>
        reached.Operation is IInvocationOperation
        { TargetMethod.Name: var name, Instance.Type: INamedTypeSymbol { TypeArguments.Length: 2 } map }
        && Vocabulary.IsKeyRemoval(name) && on.Roles.IsReferenceType(map.TypeArguments[1]) && shared.GateOf(collection) is null
        && Conditions.Of(reached.Operation, reached.CallFrame.Body).Count > 0;

    /// <summary>The object is brought back to life, or waits there for its own finalizer.</summary>
    private static bool PutsItself(IOperation operation) => operation is IInvocationOperation call
        && call.Arguments.Any(static argument => Operations.IsThis(Operations.Inner(argument.Value)));

    /// <summary>Whoever makes the registry says where its callbacks run.</summary>
    private static bool RunsElsewhere(CleanupCallback cleanup) => cleanup.Operation is IObjectCreationOperation creation
        && creation.Arguments.Any(argument => argument is { ArgumentKind: ArgumentKind.Explicit }
            && argument.Value != cleanup.Callback && argument.Value.ConstantValue is not { HasValue: true, Value: null });
}
