using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF203_UnheldTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF203",
        "Nothing else holds the weak target",
        "Nothing but a weak reference holds this new '{0}', so the next collection takes it; hold it strongly for as long as it is needed",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An object that is created for a weak reference and held by nothing else is dead from the start: it is "
            + "there until the next collection, which may come before the next line.",
        helpLinkUri: HelpLink("WREF203"), customTags: Tags("WREF203"));

    public override void Start(Subscriptions on)
    {
        var rooting = new SelfRooting(on.Compilation);
        on.OnTarget((target, context) => Analyze(target, rooting, on.Known, context));
        on.OnCacheEntry((entry, context) =>
        {
            if (!IsKeptByCache(entry, on.Known))
            {
                Analyze(entry, rooting, on.Known, context);
            }
        });
    }

    private static void Analyze(WeakTarget target, SelfRooting rooting, KnownFacts known, OperationAnalysisContext context)
    {
        if (Fate.OnlyHere(target.Value, known) is not { } made
            || (made.Type ?? target.Value.Type) is not { IsReferenceType: true, TypeKind: not TypeKind.Error } type
            || !IsFresh(made)
            || rooting.IsPossible(made)
            || CollectorTest.Watches(target, known))
        {
            return;
        }

        var value = Operations.Inner(target.Value);
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            value.Syntax.GetLocation(),
            made == value ? null : new[] { made.Syntax.GetLocation() },
            type.ToMinimalDisplayString(target.Operation.SemanticModel!, value.Syntax.SpanStart)));
    }

    /// <summary>A cache whose strong part may keep the value: it has a capacity, or was made out of sight.</summary>
    private static bool IsKeptByCache(WeakTarget target, KnownFacts known) => target.Kind == WeakTargetKind.CacheEntry
        && !(target.Operation is IInvocationOperation { TargetMethod.Name: not ("GetOrAdd" or "GetOrAddAsync") }
            && Operations.SymbolOf(target.Holder) is { DeclaringSyntaxReferences.IsEmpty: false } cache
            && cache is IFieldSymbol or IPropertySymbol
            && Members.IsOnlyMadeWithNothing(cache, known));

    // Not a bare object: it has no use but to be watched while it dies.
    private static bool IsFresh(IOperation made) =>
        made.Type is not { SpecialType: SpecialType.System_Object } && made switch
        {
            IArrayCreationOperation or IAnonymousObjectCreationOperation or IObjectCreationOperation or IWithOperation => true,
            IInterpolatedStringOperation or IBinaryOperation { OperatorMethod: null, Type.SpecialType: SpecialType.System_String } =>
                !made.ConstantValue.HasValue,
            IInvocationOperation call => Vocabulary.MakesText(call.TargetMethod),
            _ => Operations.IsCollection(made),
        };
}
