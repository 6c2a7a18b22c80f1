using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Skips the use of a target that has been collected: by <c>?.</c> where null is as good a value as any, by an <c>if</c> around the
/// statements elsewhere.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF101_GuardTarget() : WeakFix("Use the target only while it is alive", "WREF101")
{
    private protected override IEnumerable<FixWay> OtherWays => [new FixWay(WhenGone.ThrowTitle, "WREF101_Throw", OtherEdit)];

    /// <summary>A use that the variable's own check goes around; also what WREF104 falls back on.</summary>
    internal static FixEdit? OfVariable(FixSite site, ExpressionSyntax use)
    {
        var receiver = ReadSyntax.ReceiverOf(use);
        if (ReadSyntax.Core(receiver) is not IdentifierNameSyntax name
            || site.Model.GetSymbolInfo(name, site.Cancel).Symbol is not (ILocalSymbol or IParameterSymbol))
        {
            return null;
        }

        return Guard(site, use, new Target(
            receiver,
            negated => SyntaxFactory.ParseExpression(name.Identifier.Text + (negated ? " == null" : " != null")),
            node => node is IdentifierNameSyntax other && other.Identifier.ValueText == name.Identifier.ValueText,
            statement => ReadSyntax.WithoutSuppression(statement, name.Identifier.ValueText)));
    }

    private protected override FixEdit? Edit(FixSite site)
    {
        var read = site.Related(Place.Read) as ExpressionSyntax;
        var use = site.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        return read is null || use is null ? null : use.Span.Contains(read.Span) ? OfRead(site, use, read) : OfVariable(site, use);
    }

    /// <summary>Where the first offer returns null, the other one throws.</summary>
    private FixEdit? OtherEdit(FixSite site) => Edit(site) is { Title: WhenGone.NullTitle }
        && site.Node.FirstAncestorOrSelf<ExpressionSyntax>() is { } use
        ? WhenGone.Throw(site, site.Related(Place.Read) is ExpressionSyntax read && use.Span.Contains(read.Span) ? ReadSyntax.Whole(read)
            : ReadSyntax.ReceiverOf(use)) : null;

    /// <summary>The read itself is dereferenced: a pattern makes it a variable.</summary>
    private static FixEdit? OfRead(FixSite site, ExpressionSyntax use, ExpressionSyntax read)
    {
        var receiver = ReadSyntax.Whole(read);
        return TargetVariable.For(site, read) is not { } variable ? ConditionalAccess.On(site, receiver) : Guard(site, use, new Target(
            receiver,
            negated => variable.Pattern(negated),
            node => node is ExpressionSyntax other && variable.Reads.Contain(other),
            statement => statement.ReplaceNodes(variable.ReadsIn(statement), (found, _) => variable.Use(found)),
            variable));
    }

    private static FixEdit? Guard(FixSite site, ExpressionSyntax use, Target target)
    {
        var place = use.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is StatementSyntax or AnonymousFunctionExpressionSyntax or QueryExpressionSyntax or ArrowExpressionClauseSyntax
                or MemberDeclarationSyntax);
        if (place is ArrowExpressionClauseSyntax arrow)
        {
            return target.IsTestedIn(arrow) ? null : ConditionalAccess.On(site, target.Receiver) ?? (ArrowBody.IsVoid(site, arrow)
                ? ArrowBody.ToBlock(arrow, SyntaxFactory.Block(SyntaxFactory.IfStatement(target.Check(false),
                    SyntaxFactory.Block(target.Rewrite(SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()))))))
                : WhenGone.ReturnNull(site, target.Receiver) ?? WhenGone.Throw(site, target.Receiver));
        }

        if (place is not StatementSyntax statement)
        {
            return ConditionalAccess.On(site, target.Receiver);
        }

        // With all reads one variable, the test of another read would be of a target that was found alive.
        if (target.IsTestedIn(statement))
        {
            return null;
        }

        if (statement is ReturnStatementSyntax)
        {
            return ConditionalAccess.On(site, target.Receiver) ?? WhenGone.ReturnNull(site, target.Receiver)
                ?? WhenGone.Throw(site, target.Receiver);
        }

        if (!GuardedStatements.Following(statement).Skip(1).Any(target.IsUsedIn))
        {
            // A second read in the same statement would not be covered by `?.`.
            var again = target.Variable is not null && statement.DescendantNodes().Count(target.IsTarget) > 1;
            if (!again && ConditionalAccess.On(site, target.Receiver) is { } access)
            {
                return access;
            }

            if (statement is IfStatementSyntax { Else: null } branch)
            {
                return GuardedStatements.InCondition(branch, target.Check, target.Rewrite);
            }
        }

        var guarded = statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ForEachStatementSyntax
            or LockStatementSyntax or UsingStatementSyntax or IfStatementSyntax or SwitchStatementSyntax
            ? GuardedStatements.From(site, statement, target.IsUsedIn) : null;
        return guarded is null || target.Variable is { } read && guarded.Count > 1 && !guarded.All.All(read.Reads.AreStableIn) ? null
            : guarded.Under(target.Check(false), target.Rewrite);
    }

    private sealed record Target(
        ExpressionSyntax Receiver,
        Func<bool, ExpressionSyntax> Check,
        Func<SyntaxNode, bool> IsTarget,
        Func<StatementSyntax, StatementSyntax> Rewrite,
        TargetVariable? Variable = null)
    {
        public bool IsUsedIn(StatementSyntax statement) =>
            statement.DescendantNodes(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                .Any(node => IsTarget(node) && ReadSyntax.IsDereferenced((ExpressionSyntax)node));

        /// <summary>Another read of the reference there is compared with null.</summary>
        public bool IsTestedIn(SyntaxNode place) =>
            Variable is not null && place.DescendantNodes()
                .Any(node => IsTarget(node) && ReadSyntax.IsTestedForNull((ExpressionSyntax)node));
    }
}
