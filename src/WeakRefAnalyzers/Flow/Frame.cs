using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Flow;

/// <summary>A place where a variable gets a value.</summary>
/// <param name="Node">The declarator, assignment or out argument.</param>
/// <param name="Value">The value; null for an out argument.</param>
/// <param name="Own">False when a lambda or local function inside the frame writes it.</param>
internal readonly record struct Write(SyntaxNode Node, ExpressionSyntax? Value, bool Own);

/// <summary>
/// What one stack frame runs: the body of a method, accessor, lambda or local function, in the order of the text and
/// without the functions nested in it, which run in frames of their own.
/// </summary>
internal sealed class Frame(SyntaxNode body, SemanticModel model, CancellationToken cancel)
{
    public SyntaxNode Body { get; } = body;

    public static SyntaxNode? BodyOf(SyntaxNode node)
    {
        for (var current = node.Parent; current is not null; current = current.Parent)
        {
            if (IsFunction(current) || current is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax or IndexerDeclarationSyntax or CompilationUnitSyntax)
            {
                return current;
            }
        }

        return null;
    }

    /// <summary>The frame's own nodes that start in the given stretch of text.</summary>
    public IEnumerable<SyntaxNode> Between(int from, int to)
    {
        foreach (var node in Body.DescendantNodes(inner => inner == Body || (!IsFunction(inner) && inner is not BaseTypeDeclarationSyntax && inner.SpanStart < to)))
        {
            if (node.SpanStart > from && node.SpanStart < to)
            {
                yield return node;
            }
        }
    }

    /// <summary>Every write of the variable, in the order of the text, those of nested functions included.</summary>
    public List<Write> WritesOf(ISymbol variable)
    {
        var writes = new List<Write>();
        foreach (var node in Body.DescendantNodes())
        {
            var (name, value) = node switch
            {
                VariableDeclaratorSyntax { Initializer: { } initializer } declarator => (declarator.Identifier.ValueText, initializer.Value),
                AssignmentExpressionSyntax assignment => (Names.Of(assignment.Left), assignment.Right),
                ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword or (int)SyntaxKind.RefKeyword } argument => (Names.Of(argument.Expression), null),
                _ => default((string?, ExpressionSyntax?)),
            };
            if (name == variable.Name && SymbolEqualityComparer.Default.Equals(Written(node), variable))
            {
                writes.Add(new Write(node, value, BodyOf(node) == Body));
            }
        }

        return writes;
    }

    /// <summary>The last write that ends before the node, or whose value the node is part of.</summary>
    public static Write? LastBefore(List<Write> writes, SyntaxNode node) =>
        writes.LastOrDefault(write => write.Node.Span.End <= node.SpanStart || write.Node.Span.Contains(node.Span)) is { Node: not null } found ? found : null;

    /// <summary>Whether the text from there on reads the variable; in a nested function it does so wherever that stands.</summary>
    public bool Reads(ISymbol variable, int from)
    {
        foreach (var node in Body.DescendantNodes())
        {
            if (node is IdentifierNameSyntax name && name.Identifier.ValueText == variable.Name && (name.SpanStart > from || BodyOf(name) != Body)
                && !(name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name)
                && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancel).Symbol, variable))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the last collection in the stretch stands: <c>GC.Collect</c>, or a call of a method of source that calls it.</summary>
    public InvocationExpressionSyntax? LastCollection(int from, int to)
    {
        InvocationExpressionSyntax? last = null;
        foreach (var node in Between(from, to))
        {
            if (node is InvocationExpressionSyntax call && (IsCollect(call) || CalleeHas(call, inner => inner is InvocationExpressionSyntax collect && IsCollect(collect))))
            {
                last = call;
            }
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
            var suspends = node is YieldStatementSyntax || (node is AwaitExpressionSyntax { Expression: var awaited } && !awaited.ToString().Contains("CompletedTask") && !awaited.ToString().Contains("FromResult"));
            if (suspends && (node.Span.Start < collection || LoopOf(node) is { } loop && loop.Span.Contains(collection)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the reference is given null in the stretch: then it is empty in any build.</summary>
    public bool IsEmptied(ISymbol reference, int from, int to)
    {
        foreach (var node in Between(from, to))
        {
            var (access, value) = node switch
            {
                AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" } target } assignment => (target, assignment.Right),
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget" } target, ArgumentList.Arguments: { Count: 1 } arguments } => (target, arguments[0].Expression),
                _ => default,
            };
            if (access is not null && Names.Of(access.Expression) == reference.Name && Names.Strip(value) is LiteralExpressionSyntax)
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
            && !condition.DescendantNodesAndSelf().Any(static node => node is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression })
            && (Asks(condition) || around.DescendantNodes().Any(node => node is IfStatementSyntax { Statement: var then } test && Asks(test.Condition) && then.DescendantNodesAndSelf().Any(static inner => inner is BreakStatementSyntax or ReturnStatementSyntax)));

        bool Asks(ExpressionSyntax test) => test.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax name && name.Identifier.ValueText == reference.Name);
    }

    /// <summary>Waits for the finalizers, in a helper of source too, or for anything else.</summary>
    public bool Waits(SyntaxNode node) => node is AwaitExpressionSyntax or YieldStatementSyntax || (node is InvocationExpressionSyntax call
        && (IsWait(call) || CalleeHas(call, inner => inner is AwaitExpressionSyntax || (inner is InvocationExpressionSyntax waited && IsWait(waited)))));

    public static bool IsCollect(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Collect", Expression: var type } && Names.Of(type) == "GC";

    private static bool IsFunction(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax;

    private static SyntaxNode? LoopOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>(statement => statement is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or ForEachStatementSyntax);

    private static bool IsWait(InvocationExpressionSyntax call) =>
        Names.Of(call.Expression) is "WaitForPendingFinalizers" or "Wait" or "WaitOne" or "WaitAll" or "Sleep" or "SpinUntil" or "Join" or "CleanupSome";

    private bool CalleeHas(InvocationExpressionSyntax call, Func<SyntaxNode, bool> test) =>
        model.GetSymbolInfo(call, cancel).Symbol is IMethodSymbol { DeclaringSyntaxReferences: { Length: > 0 } declarations } && declarations[0].GetSyntax(cancel).DescendantNodes().Any(test);

    private ISymbol? Written(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax => model.GetDeclaredSymbol(node, cancel),
        AssignmentExpressionSyntax assignment => model.GetSymbolInfo(assignment.Left, cancel).Symbol,
        ArgumentSyntax { Expression: DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } } => model.GetDeclaredSymbol(designation, cancel),
        ArgumentSyntax argument => model.GetSymbolInfo(argument.Expression, cancel).Symbol,
        _ => null,
    };
}
