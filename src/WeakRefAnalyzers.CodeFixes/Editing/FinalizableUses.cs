using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Rules;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What a finalizer does with objects that have a finalizer of their own, and what else it releases.</summary>
internal sealed class FinalizableUses
{
    private readonly HashSet<SyntaxNode> _uses = [];
    private readonly HashSet<SyntaxNode> _otherReleases = [];
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    private FinalizableUses()
    {
    }

    public bool Any => _uses.Count > 0;

    /// <summary>Something else than those objects is released: a handle, a file, an object without a finalizer.</summary>
    public bool AnyOtherRelease => _otherReleases.Count > 0;

    public int OtherReleases => _otherReleases.Count;

    /// <summary>A raw handle is given to native code.</summary>
    public bool AnyRawHandle { get; private set; }

    /// <summary>All that is done with them is to release them, which does nothing a second time.</summary>
    public bool AreReleases { get; private set; } = true;

    /// <summary>Of that finalizer; null where it does not bind.</summary>
    public static FinalizableUses? Of(DestructorDeclarationSyntax finalizer, FixSite site, SemanticModel? model = null)
    {
        if (FinalizerReach.Of(finalizer, model ?? site.Model, site.Known, site.Cancel) is not { } reach)
        {
            return null;
        }

        var found = new FinalizableUses();
        foreach (var reached in reach.Operations)
        {
            if (OwnUse.Of(reached) is { } member && Finalizable.Declaring(member.Type, site.Cancel) is not null
                && !reach.IsInherited(reached) && !member.IsWeakSelf(site.Known))
            {
                found._members.Add(member.Member.Name);
                found.AreReleases &= reached.Operation is IInvocationOperation { TargetMethod.Name: "Dispose" or "Close" };
                Mark(found._uses, reached);
            }
            else if (ReleaseCall.Of(reached.Operation) is { } release)
            {
                found.AnyRawHandle |= release.IsNative && release.OwnMember(reached.CallFrame, SharedRoles.Of(site)) is { } handle
                    && ReleaseCall.IsHandle(handle.Type);
                Mark(found._otherReleases, reached);
            }
        }

        return found;
    }

    /// <summary>Whether a finalizer in source is among them, which is to be told first: the type gets what its base gets.</summary>
    public static bool HaveSource(INamedTypeSymbol? type) =>
        type is not null && ((!type.DeclaringSyntaxReferences.IsEmpty
            && !type.GetMembers(WellKnownMemberNames.DestructorName).IsEmpty) || HaveSource(type.BaseType));

    /// <summary>The use stands in a statement that does nothing else, so that the statement can go or be put under a condition.</summary>
    public bool IsCovered(SyntaxNode use) => use.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault() is { } statement
        && IsOnlyUse(statement) && !IsTangled(statement);

    /// <summary>All that these statements do is use such objects.</summary>
    public bool AreAll(IEnumerable<StatementSyntax> statements) => statements.All(IsOnlyUse);

    /// <summary>Whether no use is left outside of the statements that can be put under a condition.</summary>
    public bool AreAllCovered(SyntaxNode place) => _uses.Where(use => place.Span.Contains(use.Span)).All(use =>
        use is not ExpressionSyntax || IsCovered(use));

    /// <summary>The statements, with those that use such objects under the condition: what stands together goes under one.</summary>
    public SyntaxList<StatementSyntax> Under(string flag, SyntaxList<StatementSyntax> statements)
    {
        var changed = new List<StatementSyntax>();
        for (var i = 0; i < statements.Count; i++)
        {
            var run = 0;
            while (i + run < statements.Count && IsOnlyUse(statements[i + run]))
            {
                run++;
            }

            // A run begins with a use: what merely resets a field before it stays.
            if (run == 0 || !Contains(statements[i]))
            {
                changed.Add(Within(flag, statements[i]));
                continue;
            }

            Add(changed, flag, statements.Skip(i).Take(run).ToList());
            i += run - 1;
            if (i + 1 < statements.Count && IsTest(statements[i + 1], flag, out var next))
            {
                var open = (IfStatementSyntax)changed[changed.Count - 1];
                changed[changed.Count - 1] = open
                    .WithStatement(((BlockSyntax)open.Statement).AddStatements([.. next]))
                    .WithTrailingTrivia(statements[i + 1].GetTrailingTrivia());
                i++;
            }
        }

        return SyntaxFactory.List(changed);
    }

    private static void Add(List<StatementSyntax> changed, string flag, List<StatementSyntax> run)
    {
        if (changed.Count > 0 && IsTest(changed[changed.Count - 1], flag, out var before))
        {
            var open = (IfStatementSyntax)changed[changed.Count - 1];
            changed[changed.Count - 1] =
                open.WithStatement(SyntaxFactory.Block(before.Concat(run))).WithAdditionalAnnotations(Formatter.Annotation);
            return;
        }

        var leading = run[0].GetLeadingTrivia();
        run[0] = run[0].WithLeadingTrivia();
        changed.Add(SyntaxFactory.IfStatement(SyntaxFactory.IdentifierName(flag), SyntaxFactory.Block(run)).WithLeadingTrivia(leading)
            .WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary>A statement that holds uses among other things, with the uses in its blocks under the condition.</summary>
    private StatementSyntax Within(string flag, StatementSyntax statement)
    {
        if (!Contains(statement))
        {
            return statement;
        }

        return statement switch
        {
            BlockSyntax block => block.WithStatements(Under(flag, block.Statements)),
            IfStatementSyntax branch => branch.WithStatement(Embedded(flag, branch.Statement))
                .WithElse(branch.Else is { } otherwise ? otherwise.WithStatement(Embedded(flag, otherwise.Statement)) : null),
            TryStatementSyntax attempt => attempt.WithBlock((BlockSyntax)Within(flag, attempt.Block))
                .WithFinally(attempt.Finally is { } last ? last.WithBlock((BlockSyntax)Within(flag, last.Block)) : null),
            LockStatementSyntax locked => locked.WithStatement(Embedded(flag, locked.Statement)),
            _ => statement,
        };
    }

    private StatementSyntax Embedded(string flag, StatementSyntax statement)
    {
        if (statement is BlockSyntax or IfStatementSyntax || !Contains(statement) || !IsOnlyUse(statement))
        {
            return Within(flag, statement);
        }

        return SyntaxFactory.Block(Under(flag, SyntaxFactory.SingletonList(statement)))
            .WithTriviaFrom(statement)
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static bool IsTest(StatementSyntax statement, string flag, out SyntaxList<StatementSyntax> statements)
    {
        statements = statement is IfStatementSyntax { Else: null, Condition: IdentifierNameSyntax { Identifier.ValueText: var name },
            Statement: BlockSyntax block } && name == flag ? block.Statements : default;
        return statements.Count > 0;
    }

    /// <summary>The operation, and the calls that lead to it.</summary>
    private static void Mark(HashSet<SyntaxNode> nodes, Reached reached)
    {
        nodes.Add(reached.Operation.Syntax);
        for (var frame = reached.CallFrame; frame is { Call: { } call }; frame = frame.Caller)
        {
            nodes.Add(call.Syntax);
        }
    }

    private bool Contains(StatementSyntax statement) => _uses.Any(use => statement.Span.Contains(use.Span)
        && statement.SyntaxTree == use.SyntaxTree);

    private bool ReleasesOther(SyntaxNode node) => _otherReleases.Any(release => node.Span.Contains(release.Span)
        && node.SyntaxTree == release.SyntaxTree);

    /// <summary>A branch or a loop around the statement that it cannot be taken out of without changing what that does.</summary>
    private static bool IsTangled(StatementSyntax statement) =>
        statement.Parent is not (BlockSyntax or IfStatementSyntax or ElseClauseSyntax or LockStatementSyntax)
        || statement.Ancestors().TakeWhile(static node => node is not MemberDeclarationSyntax).Any(static node =>
            node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or SwitchSectionSyntax or CatchClauseSyntax
            or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or UsingStatementSyntax
            or FixedStatementSyntax or UnsafeStatementSyntax or CheckedStatementSyntax or LabeledStatementSyntax);

    private bool IsOnlyUse(StatementSyntax statement) => !ReleasesOther(statement) && statement switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } => IsAbout(assignment.Left)
            || (IsMember(assignment.Left) && IsNothing(assignment.Right)),
        ExpressionStatementSyntax { Expression: var expression } => IsAbout(expression),
        BlockSyntax block => block.Statements.Count > 0 && block.Statements.All(IsOnlyUse),
        IfStatementSyntax branch => IsOnlyUse(branch.Statement) && (branch.Else is null || IsOnlyUse(branch.Else.Statement))
            && !branch.Condition.DescendantNodesAndSelf().Any(node => node is AssignmentExpressionSyntax
                || (node is InvocationExpressionSyntax && !IsAbout((ExpressionSyntax)node))),
        TryStatementSyntax attempt => IsOnlyUse(attempt.Block) && attempt.Catches.All(handler => handler.Block.Statements.All(IsOnlyUse))
            && (attempt.Finally is null || IsOnlyUse(attempt.Finally.Block)),
        EmptyStatementSyntax => true,
        _ => false,
    };

    /// <summary>A use, or something done with what a use gave.</summary>
    private bool IsAbout(ExpressionSyntax expression) => _uses.Contains(expression) || expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => IsAbout(access.Expression),
        MemberAccessExpressionSyntax access => IsAbout(access.Expression),
        ElementAccessExpressionSyntax element => IsAbout(element.Expression),
        ConditionalAccessExpressionSyntax access => IsAbout(access.Expression) || IsAbout(access.WhenNotNull),
        ParenthesizedExpressionSyntax parenthesized => IsAbout(parenthesized.Expression),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            IsAbout(suppression.Operand),
        _ => false,
    };

    private bool IsMember(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => _members.Contains(name.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } =>
            _members.Contains(name.Identifier.ValueText),
        _ => false,
    };

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax literal => literal.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression,
        PostfixUnaryExpressionSyntax { Operand: var operand } => IsNothing(operand),
        DefaultExpressionSyntax => true,
        _ => false,
    };
}
