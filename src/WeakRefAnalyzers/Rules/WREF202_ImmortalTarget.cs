using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF202_ImmortalTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF202",
        "Weak target that is never collected",
        "{0} is never collected, so the weak reference to it never becomes empty and no cleanup runs; hold it strongly, or "
            + "choose a target that can die",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "String literals, typeof, values of static readonly fields, shared empty objects and cached delegates live "
            + "as long as the program. A weak reference to one never becomes empty.",
        helpLinkUri: HelpLink("WREF202"), customTags: Tags("WREF202"));

    public override void Start(Subscriptions on) => on.OnTarget((target, context) => Analyze(target, on.Known, context));

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        var value = Operations.Inner(target.Value);
        var origin = Fate.Origin(value, known);
        if (Immortality(origin) is not { } reason || CollectorTest.Watches(target, known) || Placeholders.IsFor(target, known))
        {
            return;
        }

        // A handle that nobody keeps: that it is never freed is said already, and what it holds does not matter.
        if (target.Kind == WeakTargetKind.Handle && Operations.Outer(target.Operation).Parent is IExpressionStatementOperation)
        {
            return;
        }

        // A table that lists a few permanent keys beside others does what it should; a text as a key is compared by identity,
        // which nobody wants.
        if (target.Kind is WeakTargetKind.TableKey or WeakTargetKind.DependentHandle
            && origin.Type?.SpecialType != SpecialType.System_String)
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            value.Syntax.GetLocation(),
            origin == value ? null : new[] { origin.Syntax.GetLocation() },
            $"{reason} {Text.Quoted(value.Syntax)}"));
    }

    private static string? Immortality(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: string } } => "The constant string",
        ITypeOfOperation { TypeOperand: { } type } when !DependsOnCaller(type) => "The type object",
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true, Type.IsReferenceType: true } } =>
            "The value of the static readonly field",
        IPropertyReferenceOperation { Property: { IsStatic: true } property } when IsShared(property) => "The value of the static property",
        IInvocationOperation { TargetMethod: { IsStatic: true } method } when IsShared(method) => "The shared result of",
        IDelegateCreationOperation creation when Delegates.LifeOf(creation) == DelegateLife.ForEver =>
            "The delegate the compiler caches for",
        _ => null,
    };

    private static bool IsShared(IPropertySymbol property) => property.DeclaringSyntaxReferences.IsEmpty
        ? (property.ContainingType.Name, property.Name) is ("Task", "CompletedTask") or ("CultureInfo", "InvariantCulture")
            or ("Comparer" or "EqualityComparer", "Default") or ("Encoding", "UTF8" or "ASCII" or "Unicode" or "Latin1")
            or ("StringComparer", "Ordinal" or "OrdinalIgnoreCase" or "InvariantCulture" or "InvariantCultureIgnoreCase")
        : property.SetMethod is null && property.Type.IsReferenceType && Members.IsInitialized(property);

    private static bool IsShared(IMethodSymbol method) => (method.ContainingType.Name, method.Name) is
        ("Array", "Empty") or ("Enumerable", "Empty") or ("String", "Intern") && method.ContainingNamespace is { Name: "System" or "Linq" };

    private static bool DependsOnCaller(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol or IErrorTypeSymbol => true,
        IArrayTypeSymbol array => DependsOnCaller(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(DependsOnCaller) || (named.ContainingType is { } outer && DependsOnCaller(outer)),
        _ => false,
    };
}
