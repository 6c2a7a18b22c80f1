using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>From a name in the text to the operation of the member that it names.</summary>
internal static class Naming
{
    /// <summary>The property that is read or written there, or the call; null in a comment, a type, a declaration.</summary>
    public static IOperation? OperationAt(int position, IOperation body, CancellationToken cancel)
    {
        var token = body.Syntax.FindToken(position);
        if (body.SemanticModel is not { } model || !token.Span.Contains(position))
        {
            return null;
        }

        if (token.Parent is BracketedArgumentListSyntax { Parent: ElementAccessExpressionSyntax or ElementBindingExpressionSyntax } indexer)
        {
            return IsOf(body, token) ? model.GetOperation(indexer.Parent!, cancel) : null;
        }

        if (token.Parent is not SimpleNameSyntax name || name.Identifier != token || !IsOf(body, token))
        {
            return null;
        }

        ExpressionSyntax expression = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding => binding,
            _ => name,
        };

        if (expression.Parent is InvocationExpressionSyntax call && call.Expression == expression)
        {
            // A property may be called too, where it gives a delegate.
            return model.GetOperation(expression, cancel) is IPropertyReferenceOperation called ? called : model.GetOperation(call, cancel);
        }

        return expression.Parent is BaseExpressionColonSyntax { Parent: SubpatternSyntax subpattern }
            ? MemberOf(model.GetOperation(subpattern, cancel), name.Identifier.ValueText)
            : model.GetOperation(expression, cancel);
    }

    private static IOperation? MemberOf(IOperation? subpattern, string name)
    {
        while (subpattern is IPropertySubpatternOperation { Member: var member, Pattern: var pattern })
        {
            if (member is IPropertyReferenceOperation property && property.Property.Name == name)
            {
                return member;
            }

            // { A.B: … } is { A: { B: … } }.
            subpattern = pattern is IRecursivePatternOperation { PropertySubpatterns: { Length: 1 } inner } ? inner[0] : null;
        }

        return null;
    }

    /// <summary>The statements of a program stand in one body, which spans the declarations of the file too.</summary>
    private static bool IsOf(IOperation body, SyntaxToken token) => body.Syntax is not CompilationUnitSyntax
        || token.Parent!.FirstAncestorOrSelf<MemberDeclarationSyntax>() is GlobalStatementSyntax;
}
