using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF204_UnheldDelegate() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF204",
        "Nothing else holds the weakly held delegate",
        "Nothing but a weak reference holds the delegate made from {0}, so the next collection takes the delegate even while "
            + "the object it is bound to lives; keep the delegate in a field of that object",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A lambda with captures or a method group makes a new delegate object. The object it is bound to does not "
            + "hold it; with only a weak reference to it, the handler silently stops being called.",
        helpLinkUri: HelpLink("WREF204"), customTags: Tags("WREF204"));

    public override void Start(Subscriptions on)
    {
        var parameters = new WeakParameters(on.Compilation, on.Roles, on.Known);
        on.OnTarget((target, context) => Analyze(target, on.Known, context));
        on.OnDelegateTaken((call, context) => AnalyzeArguments(call, call.Arguments, parameters, on.Known, context));
        on.OnCreation((creation, context) => AnalyzeArguments(creation, creation.Arguments, parameters, on.Known, context));
        on.OnDelegateGiven((given, context) =>
        {
            if (given.Member is IEventReferenceOperation { Event.AddMethod: { DeclaringSyntaxReferences.IsEmpty: false } add }
                && parameters.AreHeldBy(add.Parameters[0]))
            {
                Analyze(new WeakTarget(context.Operation, WeakTargetKind.Reference, given.Value), on.Known, context);
            }
        });
    }

    /// <summary>A method or constructor of source holds what it is given only weakly.</summary>
    private static void AnalyzeArguments(
        IOperation call,
        ImmutableArray<IArgumentOperation> arguments,
        WeakParameters parameters,
        KnownFacts known,
        OperationAnalysisContext context)
    {
        foreach (var argument in arguments)
        {
            if (argument is { Parameter: { RefKind: RefKind.None } parameter, Value: var value } && Delegates.IsHeldBy(parameter.Type)
                && !parameter.DeclaringSyntaxReferences.IsEmpty && FreshDelegates.Of(value, known) is not null
                && parameters.AreHeldBy(parameter))
            {
                Analyze(new WeakTarget(call, WeakTargetKind.Reference, value), known, context);
            }
        }
    }

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        if (FreshDelegates.Of(target.Value, known) is not { } made || CollectorTest.Watches(target, known))
        {
            return;
        }

        var value = Operations.Inner(target.Value);
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            value.Syntax.GetLocation(),
            made == value ? null : new[] { made.Syntax.GetLocation() },
            made.Target is IMethodReferenceOperation { Method: { } method } ? $"'{method.Name}'" : "this lambda"));
    }
}
