using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Writes the SafeHandle class that takes a handle over.</summary>
internal static class SafeHandleClass
{
    /// <summary>The one call of a body that may also test the handle, reset it and suppress the finalizer.</summary>
    public static InvocationExpressionSyntax? ReleaseIn(BaseMethodDeclarationSyntax method)
    {
        var statements = method.Body?.Statements ?? Enumerable.Empty<StatementSyntax>();
        if (method.ExpressionBody is { } arrow)
        {
            return arrow.Expression as InvocationExpressionSyntax;
        }

        InvocationExpressionSyntax? found = null;
        foreach (var statement in statements.SelectMany(statement =>
            statement is IfStatementSyntax
            {
                Else: null,
                Condition: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression }
            } test
                ? (test.Statement as BlockSyntax)?.Statements ?? SyntaxFactory.SingletonList(test.Statement)
                : SyntaxFactory.SingletonList(statement)))
        {
            switch ((statement as ExpressionStatementSyntax)?.Expression)
            {
                case InvocationExpressionSyntax
                {
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SuppressFinalize" }
                }:
                case AssignmentExpressionSyntax
                {
                    Left: IdentifierNameSyntax,
                    Right: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" }
                }:
                    continue;
                case InvocationExpressionSyntax call when found is null:
                    found = call;
                    continue;
                default:
                    return null;
            }
        }

        return found;
    }

    public static ObjectCreationExpressionSyntax New(IdentifierNameSyntax name, ExpressionSyntax handle) =>
        SyntaxFactory.ObjectCreationExpression(name)
            .WithNewKeyword(SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                .AddArgumentListArguments(SyntaxFactory.Argument(handle.WithoutTrivia())).WithTriviaFrom(handle);

    public static MemberDeclarationSyntax Declare(
        FixSite site,
        IdentifierNameSyntax name,
        TypeSyntax type,
        InvocationExpressionSyntax release)
    {
        var zero = type.ToString() == "nint" ? "0" : type + ".Zero";
        var isInvalid = site.Language.HasNullConditional ? $"=> handle == {zero};" : $"{{ get {{ return handle == {zero}; }} }}";
        var text = $$"""
            private sealed class {{name}} : global::System.Runtime.InteropServices.SafeHandle
            {
                public {{name}}({{type}} handle)
                    : base({{zero}}, true)
                {
                    SetHandle(handle);
                }

                public override bool IsInvalid {{isInvalid}}

                protected override bool ReleaseHandle()
                {
                    {{release.Expression}}(handle);
                    return true;
                }
            }
            """;
        return Parsed.Members(text)[0];
    }
}
