using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Flow;

/// <summary>Which object an expression stands for: two expressions of one body with equal paths stand for the same one.</summary>
internal static class Objects
{
    /// <summary>
    /// The way to the object: a variable, <c>this</c>, or members of one; null where the expression makes or finds its
    /// object otherwise. Conversions are transparent, and so are locals that are given one value and keep it.
    /// </summary>
    public static Path? PathOf(IOperation? value)
    {
        switch (Unwrap(value))
        {
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return Path.This;
            case ILocalReferenceOperation local:
                return PathOf(local.Local, local);
            case IParameterReferenceOperation parameter:
                return new Path(null, parameter.Parameter);
            case IFieldReferenceOperation { Field: { IsConst: false } field } reference:
                return field.IsStatic ? new Path(null, field) : Extend(PathOf(reference.Instance), field);
            case IPropertyReferenceOperation { Property: var property, Arguments.IsEmpty: true } reference:
                return property.IsStatic ? new Path(null, property) : Extend(PathOf(reference.Instance), property);
            default:
                return null;
        }
    }

    /// <summary>The way to the object in a local or parameter.</summary>
    public static Path PathOf(ISymbol variable, IOperation near)
    {
        // An alias stands for what it was made from, as long as that does not come to mean another object.
        var path = variable is ILocalSymbol local && OnlyValueOf(local, near) is { } value && value.Syntax.SpanStart < near.Syntax.SpanStart ? PathOf(value) : null;
        return path is { Root.Segment: ISymbol { Kind: SymbolKind.Local or SymbolKind.Parameter } root } && IsWritten(root, near, variable.DeclaringSyntaxReferences[0].Span.Start)
            ? new Path(null, variable)
            : path ?? new Path(null, variable);
    }

    /// <summary>The expression without conversions, and without what a failed check would throw.</summary>
    public static IOperation? Unwrap(IOperation? value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    break;
                case ISimpleAssignmentOperation assignment:
                    value = assignment.Value;
                    break;
                case ICoalesceOperation { WhenNull: var other } coalesce when other is IThrowOperation or IConversionOperation { Operand: IThrowOperation }:
                    value = coalesce.Value;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>The one value, besides null, that the local ever gets; null where there are several or it cannot be told.</summary>
    public static IOperation? OnlyValueOf(ILocalSymbol local, IOperation near)
    {
        IOperation? only = null;
        foreach (var (_, value) in WritesOf(local, near))
        {
            if (value is null || (only is not null && !IsNull(value)))
            {
                return null;
            }

            only = IsNull(value) ? only : value;
        }

        return only;
    }

    /// <summary>Whether the variable gets another value, null for one, behind this position.</summary>
    public static bool IsWritten(ISymbol variable, IOperation near, int behind) => WritesOf(variable, near).Exists(write => write.Where.SpanStart > behind);

    /// <summary>Whether the variable loses the first object it was given, be it to null, outside this function.</summary>
    public static bool IsReplaced(ISymbol variable, IOperation function)
    {
        var given = variable is IParameterSymbol;
        foreach (var (where, value) in WritesOf(variable, function).OrderBy(static write => write.Where.SpanStart))
        {
            if (!function.Syntax.Span.Contains(where.Span))
            {
                if (given)
                {
                    return true;
                }

                given = value is null || !IsNull(value);
            }
        }

        return false;
    }

    private static bool IsNull(IOperation value) => Unwrap(value) is { ConstantValue: { HasValue: true, Value: null } };

    private static List<(SyntaxNode Where, IOperation? Value)> WritesOf(ISymbol variable, IOperation near)
    {
        var writes = new List<(SyntaxNode, IOperation?)>();
        foreach (var operation in Bodies.RootOf(near).Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Same(declarator.Symbol, variable) && declarator.GetVariableInitializer() is { } initializer:
                    writes.Add((declarator.Syntax, initializer.Value));
                    break;
                case IDeclarationPatternOperation pattern when Same(pattern.DeclaredSymbol, variable):
                    writes.Add((pattern.Syntax, (pattern.Parent as IIsPatternOperation)?.Value));
                    break;
                case IRecursivePatternOperation pattern when Same(pattern.DeclaredSymbol, variable):
                    writes.Add((pattern.Syntax, (pattern.Parent as IIsPatternOperation)?.Value));
                    break;
                case ILocalReferenceOperation local when Same(local.Local, variable) && WriteTo(local) is { } write:
                    writes.Add((local.Syntax, (write as ISimpleAssignmentOperation)?.Value));
                    break;
                case IParameterReferenceOperation parameter when Same(parameter.Parameter, variable) && WriteTo(parameter) is { } write:
                    writes.Add((parameter.Syntax, (write as ISimpleAssignmentOperation)?.Value));
                    break;
            }
        }

        return writes;
    }

    /// <summary>The operation that writes to the variable referred to here, if one does.</summary>
    private static IOperation? WriteTo(IOperation reference)
    {
        var target = reference;
        while (target.Parent is ITupleOperation or IDeclarationExpressionOperation)
        {
            target = target.Parent;
        }

        return target.Parent switch
        {
            IAssignmentOperation assignment when assignment.Target == target => assignment,
            IIncrementOrDecrementOperation increment => increment,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument,
            IAddressOfOperation address => address,
            _ => null,
        };
    }

    private static Path? Extend(Path? owner, ISymbol member) => owner is null ? null : new Path(owner, member);

    private static bool Same(ISymbol? left, ISymbol right) => SymbolEqualityComparer.Default.Equals(left, right);
}
