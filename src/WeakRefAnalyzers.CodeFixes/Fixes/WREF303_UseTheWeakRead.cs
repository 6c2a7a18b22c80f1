using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Uses the variable that the lambda already read the weak reference into, where it was found alive.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF303_UseTheWeakRead() : WeakFix("Use what the weak reference returned", "WREF303")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var roles = SharedRoles.Of(site);
        var made = site.Related(Place.Creation) is not { } creator ? null : site.Model.GetOperation(creator, site.Cancel) switch
        {
            IObjectCreationOperation creation => roles.TargetOf(creation),
            IInvocationOperation invocation => roles.TargetOf(invocation),
            _ => null,
        };
        if (site.Node.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not { } lambda || lambda.Span != site.Diagnostic.Location.SourceSpan
            || site.Related(Place.Cause) is not { } cause || !lambda.Span.Contains(cause.Span)
            || site.Model.GetOperation(lambda, site.Cancel) is not IAnonymousFunctionOperation function
            || made is not { } weak || Reference.Of(weak.Value) is not { Parent: null } target)
        {
            return null;
        }

        var alive = function.Body.Descendants().Select(operation => Alive(operation, weak, roles)).Where(found => found.Test is not null).ToList();
        var uses = new List<(ExpressionSyntax Use, ILocalSymbol Variable)>();
        foreach (var use in function.Body.Descendants().Where(operation => operation is ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation && target.Equals(Reference.Of(operation))))
        {
            var (test, variable) = alive.Find(found => Holds(found.Test!, use.Syntax));
            if (test is null || use.Syntax is not (SimpleNameSyntax or ThisExpressionSyntax) || !SymbolEqualityComparer.Default.Equals(variable!.Type, use.Type)
                || Values.IsWritten(variable, use, test.Span.End))
            {
                return null;
            }

            uses.Add(((ExpressionSyntax)use.Syntax, variable));
        }

        return uses.Count == 0 ? null : new FixEdit(lambda, editor =>
        {
            foreach (var (use, variable) in uses)
            {
                var name = SyntaxFactory.IdentifierName(variable.Name);
                var isReceiver = use is SimpleNameSyntax member && site.Model.GetSymbolInfo(member).Symbol is not (ILocalSymbol or IParameterSymbol);
                editor.ReplaceNode(use, isReceiver
                    ? SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, name, (SimpleNameSyntax)use.WithoutTrivia()).WithTriviaFrom(use)
                    : name.WithTriviaFrom(use));
            }
        });
    }

    /// <summary>A read of the reference into a new variable, with the test that is true when it is alive.</summary>
    private static (ExpressionSyntax? Test, ILocalSymbol? Variable) Alive(IOperation operation, WeakTarget weak, RoleTable roles)
    {
        var read = operation switch
        {
            IInvocationOperation invocation => roles.ReadOf(invocation),
            IPropertyReferenceOperation property => roles.ReadOf(property),
            _ => null,
        };
        if (read is not { Receiver: ILocalReferenceOperation or IFieldReferenceOperation } found || !IsSameReference(found.Receiver, weak))
        {
            return default;
        }

        if (found.Kind == WeakReadKind.Try)
        {
            return found.Out is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var declared } } ? ((ExpressionSyntax)operation.Syntax, declared) : default;
        }

        var value = operation;
        while (value.Parent is IConversionOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IIsPatternOperation { Pattern: var pattern }
            && (((pattern as IDeclarationPatternOperation)?.DeclaredSymbol ?? (pattern as IRecursivePatternOperation)?.DeclaredSymbol) is ILocalSymbol local)
            ? ((ExpressionSyntax)value.Parent.Syntax, local)
            : default;
    }

    private static bool IsSameReference(IOperation receiver, WeakTarget weak)
    {
        var holder = receiver is ILocalReferenceOperation local ? Values.OnlyValueOf(local.Local, receiver)?.Syntax : null;
        return holder is not null ? holder == weak.Operation.Syntax : receiver is IFieldReferenceOperation && weak.Operation.Syntax.Parent is AssignmentExpressionSyntax assignment && assignment.Left.ToString().EndsWith(((IFieldReferenceOperation)receiver).Field.Name, StringComparison.Ordinal);
    }

    /// <summary>Whether the test is known to have been true where the node stands.</summary>
    private static bool Holds(ExpressionSyntax test, SyntaxNode node)
    {
        SyntaxNode condition = test;
        while (condition.Parent is ParenthesizedExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression })
        {
            if (condition.Parent is BinaryExpressionSyntax both && both.Left == condition && both.Right.Span.Contains(node.Span))
            {
                return true;
            }

            condition = condition.Parent;
        }

        return condition.Parent switch
        {
            IfStatementSyntax choice => choice.Statement.Span.Contains(node.Span),
            ConditionalExpressionSyntax choice when choice.Condition == condition => choice.WhenTrue.Span.Contains(node.Span),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Parent: IfStatementSyntax { Else: null, Parent: BlockSyntax block } choice } =>
                block.Span.Contains(node.Span) && node.SpanStart > choice.Span.End
                && (choice.Statement is BlockSyntax { Statements: { Count: > 0 } statements } ? statements.Last() : choice.Statement) is ReturnStatementSyntax or ThrowStatementSyntax,
            _ => false,
        };
    }
}
