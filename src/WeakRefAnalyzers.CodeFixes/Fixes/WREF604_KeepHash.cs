using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Computes the hash code in the constructor that is given the target, and keeps it in a field. Only where there is one constructor,
/// which makes the reference of its parameter. An equality begins with the question whether both are one.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF604_KeepHash() : WeakFix("Compute the hash code once, in the constructor", "WREF604")
{
    private const string CompareTitle = "Compare the references first";

    private protected override FixEdit? Edit(FixSite site) =>
        site.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: "Equals" } equality
            ? CompareFirst(site, equality) : KeepHash(site);

    /// <summary>A key is equal to itself, dead or alive.</summary>
    private static FixEdit? CompareFirst(FixSite site, MethodDeclarationSyntax method)
    {
        var parameters = method.ParameterList.Parameters;
        if (method.Parent is not (ClassDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: 0 })
            || site.Model.GetDeclaredSymbol(parameters[0], site.Cancel) is not { Type.IsReferenceType: true })
        {
            return null;
        }

        var same = $"ReferenceEquals({(parameters.Count == 1 ? "this" : parameters[1].Identifier.Text)}, {parameters[0].Identifier.Text})";
        switch (method)
        {
            case { ExpressionBody.Expression: { } equal }:
                var isTight = equal is not (BinaryExpressionSyntax or ConditionalExpressionSyntax or AssignmentExpressionSyntax)
                    || equal.IsKind(SyntaxKind.LogicalAndExpression) || equal.IsKind(SyntaxKind.LogicalOrExpression);
                var right = isTight ? equal.WithoutTrivia() : SyntaxFactory.ParenthesizedExpression(equal.WithoutTrivia());
                return new FixEdit(equal, editor => editor.ReplaceNode(equal, SyntaxFactory.BinaryExpression(
                    SyntaxKind.LogicalOrExpression, SyntaxFactory.ParseExpression(same), right).WithTriviaFrom(equal)
                        .WithAdditionalAnnotations(Formatter.Annotation))) { Title = CompareTitle };
            case { Body.Statements: { Count: > 0 } statements }:
                var first = statements[0];
                var early = Parsed.Statement($"if ({same})\n{{\nreturn true;\n}}");
                return new FixEdit(first, editor =>
                    editor.InsertBefore(first, early.WithTrailingTrivia(
                        LineBreak.Of(first), SyntaxFactory.EndOfLine(LineBreak.Of(first).ToString())))) { Title = CompareTitle };
            default:
                return null;
        }
    }

    private static FixEdit? KeepHash(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax owner } method
            || owner.Modifiers.Any(SyntaxKind.PartialKeyword) || owner is StructDeclarationSyntax
            || method.ParameterList.Parameters.Count > 0 || ReturnedBy(method) is not { } returned
            || owner.Members.OfType<ConstructorDeclarationSyntax>().ToArray() is not { Length: 1 } constructors
            || Made(site, constructors[0]) is not { } assignment
            || TargetOf(assignment.Right) is not { } target || IsReassigned(constructors[0], target)
            || HashOf(site, returned, assignment.Left.ToString(), target) is not { } hash
            || Comments.AreIn(returned.DescendantTrivia().Where(trivia => returned.Span.Contains(trivia.Span)))
            || (constructors[0].ExpressionBody is { } arrow && Comments.AreIn(arrow.DescendantTrivia())))
        {
            return null;
        }

        var field = new NewField(owner, site.Model.Compilation.GetSpecialType(SpecialType.System_Int32), "hash") { IsReadOnly = true };
        return new FixEdit(owner, editor =>
        {
            var name = field.Insert(site, editor);
            editor.ReplaceNode(returned, name.WithTriviaFrom(returned));
            var statement = SyntaxFactory.ParseStatement($"{name} = {hash};").WithAdditionalAnnotations(Formatter.Annotation);
            if (assignment.Parent is ExpressionStatementSyntax made)
            {
                editor.InsertAfter(made, statement.WithTrailingTrivia(LineBreak.Of(owner)));
                return;
            }

            var body = SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(assignment.WithoutTrivia()), statement);
            editor.ReplaceNode(constructors[0], (current, _) => ((ConstructorDeclarationSyntax)current)
                .WithExpressionBody(null).WithSemicolonToken(default).WithBody(body)
                .WithTriviaFrom(current).WithAdditionalAnnotations(Formatter.Annotation));
        });
    }

    private static ExpressionSyntax? ReturnedBy(MethodDeclarationSyntax method) => method.ExpressionBody?.Expression
        ?? (method.Body?.Statements is { Count: 1 } statements ? (statements[0] as ReturnStatementSyntax)?.Expression : null);

    /// <summary>The statement of the constructor, or all of it, that makes the reference of which the hash code is read.</summary>
    private static AssignmentExpressionSyntax? Made(FixSite site, ConstructorDeclarationSyntax constructor)
    {
        AssignmentExpressionSyntax?[] all = constructor.ExpressionBody is { } arrow ? [arrow.Expression as AssignmentExpressionSyntax]
            : [.. constructor.Body?.Statements.Select(static statement =>
                (statement as ExpressionStatementSyntax)?.Expression as AssignmentExpressionSyntax) ?? []];
        var read = site.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText);
        return all.SingleOrDefault(assignment => assignment is { Left: IdentifierNameSyntax { Identifier.ValueText: var name } }
            && read.Contains(name));
    }

    /// <summary>The parameter that the weak reference is made of.</summary>
    private static string? TargetOf(ExpressionSyntax made) => made is BaseObjectCreationExpressionSyntax { Initializer: null,
        ArgumentList.Arguments: { Count: > 0 } arguments } ? (arguments[0].Expression as IdentifierNameSyntax)?.Identifier.ValueText : null;

    private static bool IsReassigned(ConstructorDeclarationSyntax constructor, string target) =>
        constructor.ParameterList.Parameters.All(parameter => parameter.Identifier.ValueText != target)
        || constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
            Syntaxes.NameOf(assignment.Left) == target);

    /// <summary>The same hash code of the target itself; null where it is read in another way.</summary>
    private static string? HashOf(FixSite site, ExpressionSyntax returned, string reference, string target)
    {
        // _target.Target?.GetHashCode() ?? 0, _target.TryGetTarget(out var t) ? t.GetHashCode() : 0
        var text = returned.ToString();
        var read = site.Node.ToString();
        if (text == $"{reference}.Target?.GetHashCode() ?? 0" || text == $"{reference}.Deref()?.GetHashCode() ?? 0"
            || (returned is ConditionalExpressionSyntax
                {
                    Condition: InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } condition,
                    WhenFalse: LiteralExpressionSyntax { Token.ValueText: "0" },
                } choice
                && condition.ToString().StartsWith(reference + ".TryGetTarget(", StringComparison.Ordinal)
                && choice.WhenTrue.ToString() == Syntaxes.NameOf(arguments[0].Expression) + ".GetHashCode()"))
        {
            return $"{target}?.GetHashCode() ?? 0";
        }

        return returned is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } only } call
            && Syntaxes.NameOf(call.Expression) == "GetHashCode" && only[0].ToString() == read
            && call.Expression.ToString().EndsWith("RuntimeHelpers.GetHashCode", StringComparison.Ordinal)
            ? $"{call.Expression}({target})" : null;
    }
}
