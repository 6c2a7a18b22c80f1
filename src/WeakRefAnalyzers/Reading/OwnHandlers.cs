using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>Handlers of the target's own events: the target calls them, and so it is there.</summary>
internal static class OwnHandlers
{
    /// <summary>Whether nobody but the target of the read runs the code.</summary>
    public static bool Hold(Origin read, SyntaxNode where, KnownFacts known)
    {
        var function = Syntaxes.FunctionOf(where);
        if (function is AnonymousFunctionExpressionSyntax lambda)
        {
            return IsSubscribed(lambda, read) == true;
        }

        if (function is not MethodDeclarationSyntax { Parent: TypeDeclarationSyntax type, Identifier.ValueText: var name }
            || type.Members.Count(member => member is MethodDeclarationSyntax other && other.Identifier.ValueText == name) > 1)
        {
            return false;
        }

        var any = false;
        foreach (var use in Members.Named(name, type, known))
        {
            switch (IsSubscribed(Syntaxes.Qualified(use), read))
            {
                case true:
                    any = true;
                    break;
                case false:
                    return false;
            }
        }

        return any;
    }

    /// <summary>Whether the delegate goes to an event of the target; null where it is taken from there.</summary>
    private static bool? IsSubscribed(ExpressionSyntax handler, Origin read)
    {
        while (handler.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax
            || handler.Parent is ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax })
        {
            handler = handler.Parent as ExpressionSyntax ?? (ExpressionSyntax)handler.Parent.Parent!.Parent!;
        }

        return handler.Parent switch
        {
            AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax @event } subscription when subscription.Right == handler =>
                subscription.IsKind(SyntaxKind.SubtractAssignmentExpression) ? null
                    : subscription.IsKind(SyntaxKind.AddAssignmentExpression) && IsTarget(@event.Expression, read),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } } =>
                call.Name.Identifier.ValueText is var name && name.StartsWith("Remove", StringComparison.Ordinal) ? null
                    : name.Contains("Subscribe") && IsTarget(call.Expression, read),
            _ => false,
        };
    }

    /// <summary>The read itself, a variable that got its value from it, or one that the reference was made of.</summary>
    private static bool IsTarget(ExpressionSyntax source, Origin read)
    {
        if (IsRead(source, read))
        {
            return true;
        }

        if (Syntaxes.Strip(source) is not IdentifierNameSyntax { Identifier.ValueText: var name }
            || Syntaxes.FunctionOf(source) is not { } function)
        {
            return false;
        }

        foreach (var node in function.DescendantNodes())
        {
            if (node switch
            {
                VariableDeclaratorSyntax { Initializer.Value: var value } variable =>
                    variable.Identifier.ValueText == name && IsRead(value, read),
                SingleVariableDesignationSyntax { Parent.Parent: IsPatternExpressionSyntax pattern } variable =>
                    variable.Identifier.ValueText == name && IsRead(pattern.Expression, read),
                AssignmentExpressionSyntax { Right: BaseObjectCreationExpressionSyntax made } assignment =>
                    made.ArgumentList?.Arguments.FirstOrDefault()?.Expression is IdentifierNameSyntax target
                    && target.Identifier.ValueText == name
                    && read.Reference is { Segment: ISymbol held } && Syntaxes.OwnNameOf(assignment.Left) == held.Name,
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRead(ExpressionSyntax expression, Origin read)
    {
        expression = Syntaxes.Strip(expression)!;
        expression = expression is BinaryExpressionSyntax cast && cast.IsKind(SyntaxKind.AsExpression) ? cast.Left : expression;
        return Text(expression) == Text(read.Syntax);
    }

    private static string Text(SyntaxNode node) =>
        node.ToString() is var text && text.StartsWith("this.", StringComparison.Ordinal) ? text.Substring("this.".Length) : text;
}
