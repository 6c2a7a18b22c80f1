using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>The values that a local or parameter gets in its body.</summary>
internal static class Values
{
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

    private static bool IsNull(IOperation value) => Operations.ObjectOf(value) is { ConstantValue: { HasValue: true, Value: null } };

    private static List<(SyntaxNode Where, IOperation? Value)> WritesOf(ISymbol variable, IOperation near)
    {
        var writes = new List<(SyntaxNode, IOperation?)>();
        foreach (var operation in Operations.RootOf(near).Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Operations.Same(declarator.Symbol, variable) && declarator.GetVariableInitializer() is { } initializer:
                    writes.Add((declarator.Syntax, initializer.Value));
                    break;
                case IDeclarationPatternOperation pattern when Operations.Same(pattern.DeclaredSymbol, variable):
                    writes.Add((pattern.Syntax, (pattern.Parent as IIsPatternOperation)?.Value));
                    break;
                case IRecursivePatternOperation pattern when Operations.Same(pattern.DeclaredSymbol, variable):
                    writes.Add((pattern.Syntax, (pattern.Parent as IIsPatternOperation)?.Value));
                    break;
                case ILocalReferenceOperation local when Operations.Same(local.Local, variable) && Operations.WriteTo(local) is { } write:
                    writes.Add((local.Syntax, (write as ISimpleAssignmentOperation)?.Value));
                    break;
                case IParameterReferenceOperation parameter when Operations.Same(parameter.Parameter, variable) && Operations.WriteTo(parameter) is { } write:
                    writes.Add((parameter.Syntax, (write as ISimpleAssignmentOperation)?.Value));
                    break;
            }
        }

        return writes;
    }
}
