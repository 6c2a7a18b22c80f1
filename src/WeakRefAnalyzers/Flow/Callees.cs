using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Flow;

/// <summary>What a call promises of an argument.</summary>
internal enum Promise : byte
{
    None,
    NotNullAfter,
    NotNullWhenTrue,
    NotNullWhenFalse,
    TrueAfter,
    FalseAfter,
}

/// <summary>What is known of a called method from its attributes, its name and, in source, a look at its parameters' uses.</summary>
internal static class Callees
{
    public static Promise PromiseOf(IMethodSymbol method, IParameterSymbol? parameter)
    {
        if (parameter is null)
        {
            return Promise.None;
        }

        foreach (var attribute in parameter.OriginalDefinition.GetAttributes())
        {
            switch (attribute.AttributeClass?.Name)
            {
                case "NotNullAttribute":
                    return Promise.NotNullAfter;
                case "NotNullWhenAttribute" or "MaybeNullWhenAttribute" when First(attribute) is { } when:
                    return when == (attribute.AttributeClass.Name == "NotNullWhenAttribute") ? Promise.NotNullWhenTrue : Promise.NotNullWhenFalse;
                case "DoesNotReturnIfAttribute" when First(attribute) is { } stop:
                    return stop ? Promise.FalseAfter : Promise.TrueAfter;
            }
        }

        // The same promises where the framework carries no annotations.
        return method.Name switch
        {
            "IsNullOrEmpty" or "IsNullOrWhiteSpace" when method.ContainingType.SpecialType == SpecialType.System_String => Promise.NotNullWhenFalse,
            "Assert" or "Assume" or "Requires" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } => Promise.TrueAfter,
            "True" or "IsTrue" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } => Promise.TrueAfter,
            "False" or "IsFalse" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } => Promise.FalseAfter,
            _ => parameter.Ordinal == 0 && IsNullGuard(method.Name) ? Promise.NotNullAfter : Promise.None,
        };
    }

    public static bool NeverReturns(IMethodSymbol method)
    {
        foreach (var attribute in method.OriginalDefinition.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "DoesNotReturnAttribute")
            {
                return true;
            }
        }

        return method is { Name: "FailFast" or "Exit", ContainingType.Name: "Environment" };
    }

    /// <summary>Null as this argument is business as usual: the callee compares, formats, or tests its parameter.</summary>
    public static bool ToleratesNull(IArgumentOperation argument)
    {
        if (argument.Parent is not IInvocationOperation { TargetMethod: { } method } || argument.Parameter is not { } parameter)
        {
            return argument.Parent is not IObjectCreationOperation { Constructor: { } constructor } || argument.Parameter is null || TestsForNull(constructor, argument.Parameter);
        }

        return method.Name is "Equals" or "ReferenceEquals" or "KeepAlive" or "Format" or "Concat"
            || method.ContainingType.Name is "Console" or "Debug" or "Trace" or "Assert"
            || method.Name.Contains("Equal") || method.Name.Contains("Same") || IsNullGuard(method.Name)
            || TestsForNull(method, parameter);
    }

    /// <summary>An unresolved call whose name says that it checks its argument.</summary>
    public static bool ChecksByName(InvocationExpressionSyntax call) =>
        NameOf(call) is "True" or "IsTrue" or "False" or "IsFalse" or "Assert" or "That" || IsNullGuard(NameOf(call));

    public static bool AssertsFalse(InvocationExpressionSyntax call) =>
        NameOf(call) is "False" or "IsFalse" || (NameOf(call) == "That" && call.ArgumentList.Arguments.Count > 1 && call.ArgumentList.Arguments[1].ToString() is "Is.False" or "Is.Null");

    private static bool IsNullGuard(string name) =>
        name.Contains("NotNull") || name.StartsWith("ThrowIfNull", StringComparison.Ordinal) || name == "ThrowIfArgumentNull";

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    private static bool TestsForNull(IMethodSymbol method, IParameterSymbol parameter)
    {
        foreach (var reference in method.OriginalDefinition.DeclaringSyntaxReferences)
        {
            foreach (var node in reference.GetSyntax().DescendantNodes())
            {
                if (node is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name && IsTested(name))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsTested(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression.Parent switch
        {
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.CoalesceExpression) || binary.IsKind(SyntaxKind.IsExpression) || binary.IsKind(SyntaxKind.AsExpression) => binary.Left == expression,
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.EqualsExpression) || binary.IsKind(SyntaxKind.NotEqualsExpression) =>
                (binary.Left == expression ? binary.Right : binary.Left).IsKind(SyntaxKind.NullLiteralExpression),
            IsPatternExpressionSyntax pattern => pattern.Expression == expression,
            ConditionalAccessExpressionSyntax access => access.Expression == expression,
            AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression) && assignment.Left == expression,
            SwitchExpressionSyntax or SwitchStatementSyntax => true,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => IsNullGuard(NameOf(call)) || NameOf(call) is "IsNullOrEmpty" or "ReferenceEquals",
            _ => false,
        };
    }

    private static bool? First(AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is bool value ? value : null;
}
