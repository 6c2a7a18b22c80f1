using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>A stack frame that asks for a collection: what it does before and after.</summary>
internal sealed class CollectionSite(SyntaxNode body, SemanticModel model, KnownFacts known, CancellationToken cancel)
    : Frame(body, model, known, cancel)
{
    private List<InvocationExpressionSyntax>? _collections;

    /// <summary>
    /// Where the last collection in the stretch stands: <c>GC.Collect</c>, or a call of a method of source that calls it.
    /// </summary>
    public InvocationExpressionSyntax? LastCollection(int from, int to)
    {
        _collections ??= [.. Between(-1, int.MaxValue).OfType<InvocationExpressionSyntax>().Where(call => IsCollect(call)
            || CalleeHas(call, static inner => inner is InvocationExpressionSyntax collect && IsCollect(collect)))];
        InvocationExpressionSyntax? last = null;
        foreach (var call in _collections)
        {
            last = call.SpanStart > from && call.SpanStart < to ? call : last;
        }

        return last;
    }

    /// <summary>
    /// Whether the frame really gives up its stack in the stretch before a collection: an await that may suspend, or a yield.
    /// In a loop that collects, one round's await stands before the next round's collection.
    /// </summary>
    public bool Suspends(int from, int collection, int to)
    {
        foreach (var node in Between(from, to))
        {
            var suspends = node is YieldStatementSyntax
                || (node is AwaitExpressionSyntax { Expression: var awaited } && !awaited.ToString().Contains("CompletedTask")
                    && !awaited.ToString().Contains("FromResult"));
            if (suspends && (node.Span.Start < collection || LoopOf(node) is { } loop && loop.Span.Contains(collection)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the reference is given null in the stretch: then it is empty in any build.</summary>
    public bool IsEmptied(ISymbol reference, RoleTable roles, int from, int to)
    {
        foreach (var name in Members.Named(reference.Name, Body, Known, from))
        {
            if (name.SpanStart >= to)
            {
                break;
            }

            var called = Syntaxes.Qualified(name).Parent as MemberAccessExpressionSyntax;
            var operand = called?.Parent switch
            {
                AssignmentExpressionSyntax assignment when assignment.Left == called => called,
                InvocationExpressionSyntax call when call.Expression == called => (SyntaxNode)call,
                _ => null,
            };
            if (operand is not null && Syntaxes.FunctionOf(name) == Body && Model.GetOperation(operand, Cancel) is { } operation
                    && WeakTargets.TargetOf(operation, roles) is { Holder: not null } target
                && Operations.Inner(target.Value).ConstantValue is { HasValue: true, Value: null })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the collection is repeated, without a count, until the reference is seen to be empty.</summary>
    public bool LoopsUntilDead(SyntaxNode collection, ISymbol reference)
    {
        var condition = LoopOf(collection) switch
        {
            WhileStatementSyntax loop => loop.Condition,
            DoStatementSyntax loop => loop.Condition,
            _ => null,
        };
        return condition is { Parent: { } around } && Body.Span.Contains(around.Span)
            && !condition.DescendantNodesAndSelf().Any(IsCount)
            && (Asks(condition) || around.DescendantNodes().Any(node =>
                node is IfStatementSyntax { Statement: var then } test && Asks(test.Condition)
                && then.DescendantNodesAndSelf().Any(static inner => inner is BreakStatementSyntax or ReturnStatementSyntax)));

        bool Asks(ExpressionSyntax test) =>
            test.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == reference.Name);
    }

    /// <summary>Waits for more than the finalizers, in a helper of source too.</summary>
    public bool Waits(SyntaxNode node) => node is AwaitExpressionSyntax or YieldStatementSyntax || (node is InvocationExpressionSyntax call
        && (Vocabulary.IsPause(Syntaxes.NameOf(call.Expression))
            || CalleeHas(call, static inner =>
            inner is AwaitExpressionSyntax
            || (inner is InvocationExpressionSyntax waited && Vocabulary.IsPause(Syntaxes.NameOf(waited.Expression))))));

    /// <summary>Waits for the finalizers and no longer: a registry's callbacks run behind them.</summary>
    public bool WaitsForFinalizers(SyntaxNode node) => node is InvocationExpressionSyntax call
        && (IsFinalizerWait(call)
            || CalleeHas(call, static inner => inner is InvocationExpressionSyntax waited && IsFinalizerWait(waited)));

    public static bool IsCollect(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Collect", Expression: var type }
            && Syntaxes.NameOf(type) == "GC";

    private static bool IsCount(SyntaxNode node) =>
        node is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }
        or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression };

    private static StatementSyntax? LoopOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>(statement =>
            statement is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or ForEachStatementSyntax);

    private static bool IsFinalizerWait(InvocationExpressionSyntax call) => Syntaxes.NameOf(call.Expression) == "WaitForPendingFinalizers";

    private bool CalleeHas(InvocationExpressionSyntax call, Func<SyntaxNode, bool> test) =>
        Model.GetSymbolInfo(call, Cancel).Symbol is IMethodSymbol { DeclaringSyntaxReferences: { Length: > 0 } declarations }
        && declarations[0].GetSyntax(Cancel).DescendantNodes().Any(test);
}
