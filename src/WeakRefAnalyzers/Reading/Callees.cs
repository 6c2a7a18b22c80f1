using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

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
    /// <summary>In the name of a helper that throws: it does so now and then.</summary>
    private static readonly string[] Conditions = ["If", "On", "When", "Unless", "ForHR"];

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
                    return when == (attribute.AttributeClass.Name == "NotNullWhenAttribute") ? Promise.NotNullWhenTrue
                        : Promise.NotNullWhenFalse;
                case "DoesNotReturnIfAttribute" when First(attribute) is { } stop:
                    return stop ? Promise.FalseAfter : Promise.TrueAfter;
            }
        }

        // The same promises where the framework carries no annotations.
        return method.Name switch
        {
            "IsNullOrEmpty" or "IsNullOrWhiteSpace" => Promise.NotNullWhenFalse,
            "Assert" or "Assume" or "Requires" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } =>
                Promise.TrueAfter,
            "True" or "IsTrue" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } => Promise.TrueAfter,
            "False" or "IsFalse" when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean } => Promise.FalseAfter,
            _ when parameter is { Ordinal: 0, Type.SpecialType: SpecialType.System_Boolean, RefKind: RefKind.None } =>
                ThrownFor(method, parameter.Name),
            _ => parameter.Ordinal == 0
                && (IsNullGuard(method.Name) || (AssertsType(method.Name) && method.ContainingType.Name.Contains("Assert")))
                ? Promise.NotNullAfter : Promise.None,
        };
    }

    /// <summary>An assertion of one's own: <c>void Verify(bool holds, string text) { if (!holds) throw … }</c>.</summary>
    private static Promise ThrownFor(IMethodSymbol method, string parameter) =>
        method is { ReturnsVoid: true, IsAsync: false, IsAbstract: false, IsVirtual: false, IsOverride: false }
        && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax
            { Body.Statements: { Count: > 0 } statements } && statements[0] is IfStatementSyntax { Else: null } guard
        && (guard.Statement is BlockSyntax { Statements: { Count: > 0 } inner } ? inner.Last() : guard.Statement) is ThrowStatementSyntax
            ? guard.Condition switch
            {
                PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: IdentifierNameSyntax asked }
                    when asked.Identifier.ValueText == parameter => Promise.TrueAfter,
                IdentifierNameSyntax asked when asked.Identifier.ValueText == parameter => Promise.FalseAfter,
                _ => Promise.None,
            } : Promise.None;

    /// <summary>Null is one of its answers: it is declared so, or named so where the framework carries no annotations.</summary>
    public static bool MayGiveNull(IMethodSymbol method) =>
        method.OriginalDefinition.ReturnNullableAnnotation == NullableAnnotation.Annotated
        || method.Name.EndsWith("OrDefault", StringComparison.Ordinal);

    public static bool NeverReturns(IMethodSymbol method)
    {
        foreach (var attribute in method.OriginalDefinition.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "DoesNotReturnAttribute")
            {
                return true;
            }
        }

        return method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is BaseMethodDeclarationSyntax source
            ? !(method.IsVirtual || method.IsAbstract || method.IsOverride || method.IsAsync) && OnlyThrows(source)
            : method is { Name: "FailFast" or "Exit", ContainingType.Name: "Environment" }
                || ThrowsByName(method.ContainingType?.Name, method.Name);
    }

    /// <summary>The same of a call that does not bind.</summary>
    public static bool NeverReturns(InvocationExpressionSyntax call) =>
        ThrowsByName(Syntaxes.NameOf((call.Expression as MemberAccessExpressionSyntax)?.Expression), NameOf(call));

    private static bool OnlyThrows(BaseMethodDeclarationSyntax method) =>
        method.ExpressionBody?.Expression is ThrowExpressionSyntax
        || (method.Body is { Statements: { Count: > 0 } statements } && statements.Last() is ThrowStatementSyntax
            && !method.Body.DescendantNodes().Any(static node => node is ReturnStatementSyntax or YieldStatementSyntax));

    private static bool ThrowsByName(string? owner, string name) =>
        name == "Fail" ? owner is "Debug" or "Trace" or "Contract" or "Assumes" or "Verify" || owner?.Contains("Assert") == true
        : name.StartsWith("Throw", StringComparison.Ordinal)
            ? name.Length == 5 || (char.IsUpper(name[5]) && !Conditions.Any(word => name.IndexOf(word, 5, StringComparison.Ordinal) > 0))
        : owner == "ThrowHelper" && !Conditions.Any(name.Contains);

    /// <summary>Null as this argument is business as usual, by the method's name: it compares or formats.</summary>
    public static bool ToleratesNull(IMethodSymbol method) =>
        method.Name is "Equals" or "ReferenceEquals" or "KeepAlive" or "Format" or "Concat"
        || method.ContainingType.Name is "Console" or "Debug" or "Trace" or "Assert"
        || method.Name.Contains("Equal") || method.Name.Contains("Same") || IsNullGuard(method.Name);

    /// <summary>An unresolved call whose name says that it checks its argument.</summary>
    public static bool ChecksByName(InvocationExpressionSyntax call) =>
        NameOf(call) is "True" or "IsTrue" or "False" or "IsFalse" or "Assert" or "Assume" or "That" or "Requires" or "Operation"
            or "Argument" || IsNullGuard(NameOf(call)) || AssertsType(NameOf(call))
        || (NameOf(call) == "Null" && call.Expression.ToString().Contains("Against"));

    /// <summary>The calls that follow this one say that the value is there: <c>t.Should().NotBeNull()</c>.</summary>
    public static bool AssertsNotNull(MemberAccessExpressionSyntax access)
    {
        for (SyntaxNode? node = access; node is MemberAccessExpressionSyntax or InvocationExpressionSyntax; node = node.Parent)
        {
            if (node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
                && (name is "NotBeNull" or "BeOfType" or "BeAssignableTo" or "BeSameAs" || IsNullGuard(name)))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsNullOrEmpty(InvocationExpressionSyntax call) => NameOf(call) is "IsNullOrEmpty" or "IsNullOrWhiteSpace";

    public static bool AssertsFalse(InvocationExpressionSyntax call) =>
        NameOf(call) is "False" or "IsFalse"
            || (NameOf(call) == "That" && call.ArgumentList.Arguments.Count > 1
                && call.ArgumentList.Arguments[1].ToString() is "Is.False" or "Is.Null");

    private static bool IsNullGuard(string name) =>
        name.Contains("NotNull") || name.StartsWith("ThrowIfNull", StringComparison.Ordinal) || name == "ThrowIfArgumentNull";

    private static bool AssertsType(string name) =>
        name is "IsType" || name.StartsWith("IsInstanceOf", StringComparison.Ordinal)
            || name.StartsWith("IsAssignable", StringComparison.Ordinal);

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    /// <summary>The method tests its parameter.</summary>
    public static bool TestsForNull(IParameterSymbol parameter)
    {
        foreach (var reference in parameter.ContainingSymbol.DeclaringSyntaxReferences)
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

    /// <summary>The variable is compared to null here, or gets another value.</summary>
    public static bool IsTestedOrAssigned(IdentifierNameSyntax name) =>
        IsTested(name) || (name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name)
            || name.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 };

    public static bool IsAssigned(IdentifierNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax,
        RefExpressionSyntax => true,
        _ => false,
    };

    /// <summary>A condition rests on what is named here, or it is assigned.</summary>
    public static bool IsAsked(IdentifierNameSyntax name)
    {
        ExpressionSyntax expression = name;
        while (expression.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax
            || (expression.Parent is MemberAccessExpressionSyntax access && access.Name == expression))
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression.Parent switch
        {
            BinaryExpressionSyntax binary => binary.OperatorToken.Kind() is not (SyntaxKind.PlusToken or SyntaxKind.MinusToken
                or SyntaxKind.AsteriskToken or SyntaxKind.SlashToken or SyntaxKind.AsKeyword),
            MemberAccessExpressionSyntax read => Vocabulary.Reads.Contains(read.Name.Identifier.ValueText),
            ConditionalAccessExpressionSyntax access => access.Expression == expression
                && access.WhenNotNull.GetFirstToken().GetNextToken().ValueText is var member && Vocabulary.Reads.Contains(member),
            PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.LogicalNotExpression),
            IsPatternExpressionSyntax or IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax
                or WhenClauseSyntax or SwitchStatementSyntax or SwitchExpressionSyntax => true,
            ConditionalExpressionSyntax conditional => conditional.Condition == expression,
            AssignmentExpressionSyntax assignment => assignment.Left == expression,
            _ => false,
        };
    }

    private static bool IsTested(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression.Parent switch
        {
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.CoalesceExpression) || binary.IsKind(SyntaxKind.IsExpression)
                || binary.IsKind(SyntaxKind.AsExpression) => binary.Left == expression,
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.EqualsExpression)
                || binary.IsKind(SyntaxKind.NotEqualsExpression) =>
                (binary.Left == expression ? binary.Right : binary.Left).IsKind(SyntaxKind.NullLiteralExpression),
            IsPatternExpressionSyntax pattern => pattern.Expression == expression,
            ConditionalAccessExpressionSyntax access => access.Expression == expression,
            AssignmentExpressionSyntax assignment =>
                assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression) && assignment.Left == expression,
            SwitchExpressionSyntax or SwitchStatementSyntax => true,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } =>
                IsNullGuard(NameOf(call)) || NameOf(call) is "IsNullOrEmpty" or "ReferenceEquals",
            _ => false,
        };
    }

    private static bool? First(AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is bool value ? value : null;
}
