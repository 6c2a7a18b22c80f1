using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF303_LambdaCapturesWeakTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF303",
        "Lambda captures the object it holds weakly",
        "This delegate reads '{0}' through the weak reference '{1}' and yet keeps '{0}' alive {2} '{3}', so '{0}' lives as long "
            + "as the delegate; use only what the weak reference returns",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A delegate that goes through a weak reference is meant not to keep the object alive. One strong use in "
            + "it, or in another function of the same scope, puts the object into the closure, and whoever holds the delegate "
            + "keeps the object.",
        helpLinkUri: HelpLink("WREF303"), customTags: Tags("WREF303"));

    public override void Start(Subscriptions on)
    {
        var (roles, retention, escapes) = (on.Roles, new Retention(on.Compilation, on.Known), new Escapes(on.Compilation, on.Known));
        on.OnRead((read, context) => Analyze(read, roles, retention, escapes, on.Known, context));
        var listeners = new Listeners(on.Compilation, roles, escapes, on.Known);
        on.OnCreation((creation, context) =>
        {
            if (Listeners.TakesFunction(creation))
            {
                Analyze(creation, listeners.FunctionsOf(creation), listeners, retention, context);
            }
        });

        // By itself, where it stands: what an action reports elsewhere an editor drops.
        on.OnDelegateGiven((given, context) =>
        {
            if (listeners.GivenTo(given.Member, given.Value) is var (listener, function))
            {
                Analyze(listener, [function], listeners, retention, context);
            }
        });
    }

    private static void Analyze(
        WeakRead read,
        RoleTable roles,
        Retention retention,
        Escapes escapes,
        KnownFacts known,
        OperationBlockAnalysisContext context)
    {
        if (Operations.FunctionAround(read.Operation) is not { } function
            || Reference.Of(read.Receiver, known) is not { Segment: ISymbol name } reference)
        {
            return;
        }

        foreach (var made in WeakTargets.In(Operations.RootOf(function), reference, roles, known))
        {
            if (Reference.Of(made.Value, known) is not { } target)
            {
                continue;
            }

            for (var current = function; current is not null; current = Operations.FunctionAround(current))
            {
                // Of several reads the first one speaks.
                if (FirstRead(current, reference, roles, known)?.Syntax != read.Operation.Syntax || !escapes.Leaves(current, target)
                    || retention.Find(current, target) is not { } hold || (hold.Shared && IsTryCast(hold.Cause)))
                {
                    continue;
                }

                // A neighbour that is wrong itself is told so; this one is right.
                if (hold.Shared && Operations.FunctionAround(hold.Cause) is { } neighbour
                    && FirstRead(neighbour, reference, roles, known) is not null && escapes.Leaves(neighbour, target))
                {
                    continue;
                }

                context.ReportDiagnostic(Related.Report(
                    Descriptor,
                    current.Syntax.GetLocation(),
                    [(Place.Cause, hold.Cause.Syntax), (Place.Creation, made.Operation.Syntax)],
                    Text.Of(made.Value.Syntax),
                    name.Name,
                    hold.Shared ? "in the closure it shares with the use of" : "through",
                    Text.Of(hold.Cause.Syntax)));
                return;
            }
        }
    }

    /// <summary>A listener holds its owner weakly and is given a delegate that holds it strongly.</summary>
    private static void Analyze(
        IObjectCreationOperation creation,
        IEnumerable<IOperation> functions,
        Listeners listeners,
        Retention retention,
        OperationAnalysisContext context)
    {
        if (listeners.OwnerOf(creation) is not { } owner)
        {
            return;
        }

        var leaves = false;
        foreach (var function in functions)
        {
            if (retention.Find(function, owner) is not { Shared: false } hold || !(leaves |= listeners.Leaves(creation, owner)))
            {
                continue;
            }

            context.ReportDiagnostic(Related.Report(
                Descriptor,
                function.Syntax.GetLocation(),
                [(Place.Cause, hold.Cause.Syntax), (Place.Creation, creation.Syntax)],
                owner.Segment is ISymbol symbol ? symbol.Name : "this",
                creation.Type!.Name,
                "through",
                Text.Of(hold.Cause.Syntax)));
        }
    }

    /// <summary>
    /// The neighbour uses what <c>as</c> made of the object: null, it may be, wherever this delegate is made.
    /// </summary>
    private static bool IsTryCast(IOperation cause) =>
        cause is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } at }
        && at[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var value }
        && Syntaxes.Strip(value).IsKind(SyntaxKind.AsExpression);

    private static IOperation? FirstRead(IOperation function, Reference reference, RoleTable roles, KnownFacts known) =>
        function.Descendants().FirstOrDefault(operation =>
        ((operation as IInvocationOperation) is { } call ? roles.ReadOf(call) : operation is IPropertyReferenceOperation property
            ? roles.ReadOf(property) : null) is { } read
        && reference.Equals(Reference.Of(read.Receiver, known)));
}
