using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// The question whether there is an entry also asks for its target, so that what follows makes the value again where that is gone. An
/// <c>Add</c>, which would throw for a key that is there, becomes an assignment.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF603_MakeAgain() : WeakFix("Treat a dead entry as a missing one", "WREF603")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Related(Place.Test) is not ExpressionSyntax test || site.Related(Place.Read) is not ExpressionSyntax read
            || site.Related(Place.Addition) is not { } addition || Syntaxes.FunctionOf(test) != Syntaxes.FunctionOf(read))
        {
            return null;
        }

        var check = LivenessCheck.Whole(test);
        var edit = read is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call ? ByOutVariable(check, call)
            : WREF102_WREF103_ReadOnce.ByPattern(site, check, read);
        if (edit is null || Overwrites(site, addition) is not { } replaced)
        {
            return null;
        }

        return replaced.With is not { } assignment ? edit : new FixEdit(site.Root, editor =>
        {
            edit.Apply(editor);
            editor.ReplaceNode(addition, assignment.WithTriviaFrom(addition));
        })
        {
            Nodes = [.. edit.Nodes, addition],
        };
    }

    /// <summary><c>w.TryGetTarget(out var t); return t;</c>: the call becomes part of the condition.</summary>
    private static FixEdit? ByOutVariable(LivenessCheck check, InvocationExpressionSyntax call)
    {
        if (check.Negated || call.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement
            || check.Places()?.Contains(block) != true || block.Statements[0] != statement || block.Statements.Count < 2
            || IsUsedBeside(call, block.Parent)
            || Comments.AreIn(statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia())))
        {
            return null;
        }

        var condition = SyntaxFactory.BinaryExpression(SyntaxKind.LogicalAndExpression, check.Expression.WithoutTrivia(),
            call.WithoutTrivia()).WithTriviaFrom(check.Expression).WithAdditionalAnnotations(Formatter.Annotation);
        return new FixEdit(check.Expression, editor =>
        {
            editor.ReplaceNode(check.Expression, condition);
            editor.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia);
        })
        {
            Nodes = [check.Expression, statement],
        };
    }

    /// <summary>A variable that a condition declares is known in all of the block around its statement.</summary>
    private static bool IsUsedBeside(InvocationExpressionSyntax call, SyntaxNode? test) =>
        call.DescendantNodes().OfType<SingleVariableDesignationSyntax>().FirstOrDefault() is { Identifier.ValueText: var name }
        && test?.Parent?.DescendantTokens().Any(token => token.ValueText == name && !test.Span.Contains(token.Span)) == true;

    /// <summary>What takes the place of an entry that is there, where the addition does not; null if neither is sure.</summary>
    private static (ExpressionSyntax? With, bool IsSure)? Overwrites(FixSite site, SyntaxNode addition)
    {
        switch (addition)
        {
            case AssignmentExpressionSyntax:
                return (null, true);
            case InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "TryAdd" } access,
                ArgumentList.Arguments: { Count: 2 } arguments, Parent: ExpressionStatementSyntax
            } add
                when arguments.All(static argument => argument.NameColon is null)
                    && site.Model.GetSymbolInfo(add, site.Cancel).Symbol is IMethodSymbol { ContainingType: var type }
                    && type.GetMembers("this[]").Length + type.GetMembers("Item").Length > 0
                    && type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true:
                return (SyntaxFactory.ParseExpression($"{access.Expression.WithoutTrivia()}[{arguments[0]}] = {arguments[1]}"), true);
            default:
                return null;
        }
    }
}
