using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF201_ValueTypeTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF201",
        "Value type as weak target",
        "'{0}' is a value of type '{1}', so only a box made for it here is held weakly, and it is gone after the next "
            + "collection; use an object of a class that something else holds",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A value has no identity. Boxing it makes an object that only the weak reference knows, which the next "
            + "collection takes; a second box of the same value is another object and never matches.",
        helpLinkUri: HelpLink("WREF201"), customTags: Tags("WREF201"));

    public override void Start(Subscriptions on) => on.OnTarget((target, context) => Analyze(target, on.Known, context));

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        var value = Operations.Inner(target.Value);

        // An object variable that is used only here holds a box just as unknown to the rest.
        var boxed = value is ILocalReferenceOperation && value.Type is { IsReferenceType: true }
            && Fate.OnlyHere(value, known) is { } origin ? origin : value;
        if (boxed.Type is not { IsValueType: true } type || IsUnknown(type)
            || boxed is IDefaultValueOperation { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }
            || IsPlaceholder(target, boxed, known))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            value.Syntax.GetLocation(),
            boxed == value ? null : new[] { boxed.Syntax.GetLocation() },
            Text.Of(value.Syntax),
            type.ToMinimalDisplayString(target.Operation.SemanticModel!, value.Syntax.SpanStart)));
    }

    /// <summary>A handle of any number stands where there is none yet: the variable is given the real one later.</summary>
    private static bool IsPlaceholder(WeakTarget target, IOperation boxed, KnownFacts known) =>
        target.Kind == WeakTargetKind.Handle && boxed.ConstantValue.HasValue
        && Operations.Outer(target.Operation).Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
        && Values.In(target.Operation, known).Of(declarator.Symbol).Skip(1).Any();

    /// <summary>A type that is missing, as in T? where T did not bind: it counts as Nullable&lt;T&gt; whatever T would be.</summary>
    private static bool IsUnknown(ITypeSymbol type) => type.TypeKind == TypeKind.Error
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            && nullable.TypeArguments[0].TypeKind == TypeKind.Error);
}
