using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Handles that are freed on one way and not on another: a local where a return, a throw or another handle comes before the Free, and
/// a field that is given a new handle over the old one. Judged by the order of statements; what may free it in between silences.
/// </summary>
internal static class HandleExits
{
    private enum Use
    {
        None,
        Asked,
        Freed,
        Gone,
    }

    /// <summary>What leaves the handle behind: a statement that comes before the Free, or the assignment itself.</summary>
    public static SyntaxNode? Of(IOperation made, KnownFacts known)
    {
        switch (Operations.Outer(made).Parent)
        {
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return OfLocal(declarator.Symbol, declarator.Syntax, known);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local.RefKind: RefKind.None } target } assignment:
                return OfLocal(target.Local, assignment.Syntax, known);
            case ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: { IsStatic: false } field } member } set
                when Operations.IsThis(member.Instance) && Operations.FunctionAround(set) is null:
                return IsOverwritten(field, set, known) ? set.Syntax : null;
            default:
                return null;
        }
    }

    private static SyntaxNode? OfLocal(ILocalSymbol local, SyntaxNode made, KnownFacts known)
    {
        if (made.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } statement
            || Syntaxes.FunctionOf(made) is not { } function
            || UseIn(function, local.Name, statement, known) != Use.Freed || made.Ancestors().Any(around =>
                around is UsingStatementSyntax
                || (around is TryStatementSyntax && UseIn(around, local.Name, statement, known) > Use.Asked)))
        {
            return null;
        }

        var isDone = false;
        var outlives = !block.Span.Contains(local.DeclaringSyntaxReferences[0].Span);
        var exit = Exit(After(statement, block), local.Name, outlives, known, ref isDone);
        if (exit is not null || isDone)
        {
            return exit;
        }

        // Made anew each time round, and freed once behind the loop.
        var loop = made.Ancestors().TakeWhile(node => node != function).LastOrDefault(around => Syntaxes.IsLoop(around)
            && !around.Span.Contains(local.DeclaringSyntaxReferences[0].Span));
        return loop is not null && UseIn(loop, local.Name, statement, known) <= Use.Asked
            && !loop.DescendantNodes().Any(static node => node is BreakStatementSyntax or ReturnStatementSyntax) ? made : null;
    }

    private static IEnumerable<StatementSyntax> After(StatementSyntax statement, BlockSyntax block)
    {
        var statements = block.Statements;
        for (var i = Sorted.FirstFrom(statements, statement.Span.End, static next => next.SpanStart); i < statements.Count; i++)
        {
            yield return statements[i];
        }
    }

    /// <summary>The first statement that leaves the handle; done where it is freed, handed on, or nothing more can be told.</summary>
    private static SyntaxNode? Exit(IEnumerable<StatementSyntax> statements, string name, bool inner, KnownFacts known, ref bool isDone)
    {
        foreach (var statement in statements)
        {
            var use = UseIn(statement, name, null, known);
            switch (statement)
            {
                case ReturnStatementSyntax or ThrowStatementSyntax when use <= Use.Asked:
                case BreakStatementSyntax or ContinueStatementSyntax when !inner:
                case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } again }
                    when left.Identifier.ValueText == name && UseIn(again.Right, name, null, known) <= Use.Asked:
                    return statement;
                case BreakStatementSyntax or ContinueStatementSyntax:
                    return null;
                case IfStatementSyntax { Condition: var condition } when UseIn(condition, name, null, known) > Use.Asked
                    || condition.ToString().Contains("IsAllocated"):
                    isDone = true;
                    return null;
                case IfStatementSyntax branch:
                    StatementSyntax?[] ways = [branch.Statement, branch.Else?.Statement];
                    foreach (var way in ways)
                    {
                        var isOver = false;
                        if (way is not null && UseIn(way, name, null, known) > Use.Asked)
                        {
                            isDone |= !Leaves(way);
                        }
                        else if (way is not null && Exit(ListOf(way), name, inner, known, ref isOver) is { } exit)
                        {
                            return exit;
                        }
                    }

                    break;
                case BlockSyntax or LockStatementSyntax or UsingStatementSyntax or CheckedStatementSyntax or UnsafeStatementSyntax:
                    if (use != Use.Gone
                        && Exit(statement.ChildNodes().OfType<StatementSyntax>(), name, inner, known, ref isDone) is { } within)
                    {
                        return within;
                    }

                    isDone |= use > Use.Asked;
                    break;
                case ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax when use <= Use.Asked:
                    if (Exit(statement.ChildNodes().OfType<StatementSyntax>(), name, inner: true, known, ref isDone) is { } fromLoop)
                    {
                        return fromLoop;
                    }

                    isDone = false;
                    break;
                case TryStatementSyntax or SwitchStatementSyntax or LabeledStatementSyntax or GotoStatementSyntax or YieldStatementSyntax:
                    isDone = true;
                    return null;
                default:
                    isDone |= use > Use.Asked;
                    break;
            }

            if (isDone)
            {
                return null;
            }
        }

        return null;
    }

    private static IEnumerable<StatementSyntax> ListOf(StatementSyntax statement) =>
        statement is BlockSyntax block ? block.Statements : new[] { statement };

    private static bool Leaves(StatementSyntax statement) => ListOf(statement).LastOrDefault()
        is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax;

    /// <summary>The most that the node does with the local, apart from this statement.</summary>
    private static Use UseIn(SyntaxNode node, string local, SyntaxNode? apart, KnownFacts known)
    {
        var most = Use.None;
        foreach (var name in Members.Named(local, node, known))
        {
            if (apart?.Span.Contains(name.Span) == true || (name.Parent is MemberAccessExpressionSyntax named && named.Name == name))
            {
                continue;
            }

            var isNested = name.Ancestors().TakeWhile(around => around != node).Any(Syntaxes.IsFunction);
            var use = isNested ? Use.Gone : name.Parent switch
            {
                MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Free" or "Dispose" } => Use.Freed,
                MemberAccessExpressionSyntax => Use.Asked,
                AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment when assignment.Left == name => Use.Asked,
                _ => Use.Gone,
            };
            most = use > most ? use : most;
        }

        return most;
    }

    /// <summary>The field has a handle for certain, or may have one that was set before, and nothing here looks after it.</summary>
    private static bool IsOverwritten(IFieldSymbol field, IOperation set, KnownFacts known)
    {
        var place = set.Syntax.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax);
        if (place is null or ConstructorDeclarationSyntax || place.IsKind(SyntaxKind.InitAccessorDeclaration)
            || field.DeclaredAccessibility != Accessibility.Private
            || !(place.IsKind(SyntaxKind.SetAccessorDeclaration) || IsMadeWithOwner(field, known)))
        {
            return false;
        }

        var made = (set as ISimpleAssignmentOperation)?.Value.Syntax;
        return !OwnCalls.In(place, known).Any(call => call != made)
            && Members.Named(field.Name, place, known).All(use => set.Syntax.Span.Contains(use.Span)
                || use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" })
            && !set.Syntax.AncestorsAndSelf().TakeWhile(around => around != place).Any(static around =>
                around is ThrowStatementSyntax or ConditionalExpressionSyntax or SwitchStatementSyntax);
    }

    private static bool IsMadeWithOwner(IFieldSymbol field, KnownFacts known) =>
        Members.ValuesOf(field, known).Any(static value => value is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax
            && value.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax { Body.Statements: var statements }
            && value.FirstAncestorOrSelf<StatementSyntax>() is { } statement && statements.Contains(statement));

    /// <summary>The first two calls of a body that may free a field: two, since one may make the handle that is asked for.</summary>
    private sealed class OwnCalls : List<InvocationExpressionSyntax>
    {
        public static OwnCalls In(SyntaxNode body, KnownFacts known) => known.Of<SyntaxNode, OwnCalls>(body, static node =>
        {
            var calls = new OwnCalls();
            calls.AddRange(node.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(static call =>
                call.Expression is IdentifierNameSyntax
                    or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax }
                || Syntaxes.NameOf(call.Expression) is "Free" or "Dispose").Take(2));
            return calls;
        });
    }
}
