using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Makes the check and the use one read: the probe, or the null test of another read, becomes a pattern that names the target.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF102_WREF103_ReadOnce() : WeakFix("Read the target once into a variable", "WREF102", "WREF103")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Related(Place.Test) is not ExpressionSyntax cause || site.Node is not ExpressionSyntax read)
        {
            return null;
        }

        // A lambda that captured the variable would keep the target alive.
        return UnusedName.FunctionOf(site, read) != UnusedName.FunctionOf(site, cause) ? LivePipeline.Reorder(site, cause, read)
            : read is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call ? ByOutVariable(cause, call)
            : cause.Parent is ConditionalAccessExpressionSyntax access && access.Expression == cause ? GuardedCall.Of(site, access, read)
            : LivenessCheck.Of(cause) is { } check ? ByPattern(site, check, read) : null;
    }

    /// <summary>The check names the target, and every read where it holds becomes that variable.</summary>
    internal static FixEdit? ByPattern(FixSite site, LivenessCheck check, ExpressionSyntax read)
    {
        if (!Binds(site, check.Expression) || check.Places() is not { } places
            || TargetVariable.For(site, read) is not { } variable || !places.All(variable.Reads.AreStableIn))
        {
            return null;
        }

        var declaration = variable.DeclarationIn(places);
        var local = declaration?.Declaration.Variables[0];
        variable = local is not null && variable.CanBeNamed(local.Identifier.ValueText) ? variable.Named(local.Identifier.Text) : variable;
        var renamed = local is null || local.Identifier.Text == variable.Name ? [] : UsesOf(site, local);
        var reads = Reads();
        if (variable.Type is not null && ReadSyntax.CastOf(check.Asked) is null
            && check.Expression is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression }
            && declaration is null && reads.Any(IsOfAnotherType) && site.Language.HasPropertyPatterns)
        {
            // The target is not always what one of the casts says: that cast stays.
            variable = variable.Untyped();
            reads = Reads();
        }

        if (declaration?.Span.Contains(read.Span) != true && !reads.Any(found => found.Span.Contains(read.Span)))
        {
            return null;
        }

        List<ExpressionSyntax> Reads() => places.SelectMany(variable.ReadsIn).Where(found => declaration?.Span.Contains(found.Span) != true)
            .ToList();

        var condition = check.With(variable).WithTriviaFrom(check.Expression).WithAdditionalAnnotations(Formatter.Annotation);
        return new FixEdit(check.Expression.FirstAncestorOrSelf<StatementSyntax>() ?? (SyntaxNode)check.Expression, editor =>
        {
            editor.ReplaceNode(check.Expression, condition);
            foreach (var found in reads)
            {
                editor.ReplaceNode(found, variable.Use(found));
            }

            foreach (var use in renamed)
            {
                editor.ReplaceNode(use, variable.Use(use));
            }

            if (declaration is not null)
            {
                editor.RemoveNode(declaration, SyntaxRemoveOptions.KeepNoTrivia);
                editor.ReplaceNode(GuardedStatements.Following(declaration)[1], (next, _) =>
                    next.WithLeadingTrivia(Comments.Above(declaration, next.GetLeadingTrivia())));
            }
        })
        {
            Nodes = [check.Expression, .. places],
        };
    }

    /// <summary>A read that is tested for a type or cast to one, and not to that of the variable.</summary>
    private static bool IsOfAnotherType(ExpressionSyntax found) => ReadSyntax.CastOf(found) is null
        && (ReadSyntax.CastOf(ReadSyntax.Whole(found)) is not null
            || found.Parent is IsPatternExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression }
                or SwitchExpressionSyntax or SwitchStatementSyntax);

    private static List<IdentifierNameSyntax> UsesOf(FixSite site, VariableDeclaratorSyntax local)
    {
        var symbol = site.Model.GetDeclaredSymbol(local, site.Cancel);
        return [.. UnusedName.MemberOf(site, local).DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == local.Identifier.ValueText
                && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, site.Cancel).Symbol, symbol))];
    }

    /// <summary><c>if (w.TryGetTarget(out _)) { w.TryGetTarget(out var t); … }</c>: the second call is the test.</summary>
    private static FixEdit? ByOutVariable(ExpressionSyntax cause, InvocationExpressionSyntax call)
    {
        if (cause is not InvocationExpressionSyntax probe || !SyntaxFactory.AreEquivalent(probe.Expression, call.Expression)
            || call.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax } statement
            || LivenessCheck.Of(cause) is not { } check
            || check.Places()?.Any(place => place == statement || place == statement.Parent) != true)
        {
            return null;
        }

        return new FixEdit(cause, editor =>
        {
            editor.ReplaceNode(cause, call.WithTriviaFrom(cause));
            editor.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia);
        })
        {
            Nodes = [cause, statement],
        };
    }

    /// <summary>Where an operand beside the check has no type, the compiler does not know when the variable is assigned.</summary>
    private static bool Binds(FixSite site, ExpressionSyntax check) =>
        check.AncestorsAndSelf().TakeWhile(static node => node is ExpressionSyntax)
            .All(node => site.Model.GetTypeInfo(node, site.Cancel).Type is not { TypeKind: TypeKind.Error });
}
