using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>
/// Parameters that a method or constructor of source holds weakly and not otherwise: all that is done with them is to make them a weak
/// target, to ask whether they are null, to call them, or to hand them on to such a parameter.
/// </summary>
internal sealed class WeakParameters
{
    private const int MaxHops = 3;

    private readonly Compilation _compilation;
    private readonly RoleTable _roles;
    private readonly KnownFacts _known;
    private readonly Summary<IParameterSymbol, bool> _weak;

    public WeakParameters(Compilation compilation, RoleTable roles, KnownFacts known)
    {
        _compilation = compilation;
        _roles = roles;
        _known = known;
        _weak = new(SymbolEqualityComparer.Default, false, Find);
    }

    public bool AreHeldBy(IParameterSymbol parameter) => _weak.Of(parameter.OriginalDefinition, new Inquiry(MaxHops));

    private bool Find(IParameterSymbol parameter, Inquiry asking)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { IsVirtual: false, IsAbstract: false, IsOverride: false } method
            || method.DeclaringSyntaxReferences.Length != 1
            || method.DeclaringSyntaxReferences[0] is not { SyntaxTree: var tree, Span: var span }
            || (!Mentions.In(tree, _known).Any.HasFlag(Mention.WeakType)
                && !(method.MethodKind == MethodKind.Constructor && method.ContainingType.BaseType is { SpecialType: SpecialType.None })))
        {
            return false;
        }

        var isHeld = false;
        foreach (var reference in UsesOf(parameter, method.DeclaringSyntaxReferences[0].GetSyntax()))
        {
            var isWeak = IsMadeWeak(reference, asking);
            if (!isWeak && !IsAsked(reference))
            {
                return false;
            }

            isHeld |= isWeak;
        }

        return isHeld;
    }

    private IEnumerable<IOperation> UsesOf(IParameterSymbol parameter, SyntaxNode declaration)
    {
        if (Members.IsType(declaration))
        {
            // Of a primary constructor: what a member captures is state.
            return Members.CapturesOf(parameter, _compilation, _known);
        }

        return Operations.Of(_compilation, declaration, default)?.Descendants().Where(operation =>
            operation is IParameterReferenceOperation reference && Operations.Same(reference.Parameter, parameter)) ?? [];
    }

    private bool IsMadeWeak(IOperation reference, Inquiry asking)
    {
        var value = Operations.Outer(reference);
        if (value.Parent is ICoalesceOperation { WhenNull: IConversionOperation or IThrowOperation } coalesce && coalesce.Value == value)
        {
            value = Operations.Outer(coalesce);
        }

        return value.Parent switch
        {
            IArgumentOperation { Parent: { } call } argument => WeakTargets.TargetOf(call, _roles) is { } target
                ? target.Kind is WeakTargetKind.Reference or WeakTargetKind.Handle && target.Value.Syntax.Span.Contains(value.Syntax.Span)
                : argument.Parameter is { } other && _weak.Of(other.OriginalDefinition, asking),
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment =>
                assignment.Value == value && _roles.TargetOf(property) is not null,
            _ => false,
        };
    }

    private static bool IsAsked(IOperation reference) => Operations.Outer(reference).Parent switch
    {
        IBinaryOperation or IIsPatternOperation or INameOfOperation => true,
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call => call.Instance == Operations.Outer(reference),
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ReturnsVoid: true, ContainingType.Name: var type } } } =>
            type.StartsWith("Argument", StringComparison.Ordinal),
        _ => false,
    };
}
