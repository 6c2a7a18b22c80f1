using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Reads the field once, into a local in front of the test.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF105_CopyField() : WeakFix("Copy the field to a local", "WREF105")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not ExpressionSyntax read || Syntaxes.FunctionOf(read) is not { } body
            || site.Model.GetSymbolInfo(read, site.Cancel).Symbol is not IFieldSymbol field)
        {
            return null;
        }

        if (read.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is StatementSyntax or ArrowExpressionClauseSyntax
                or AnonymousFunctionExpressionSyntax) is ArrowExpressionClauseSyntax arrow)
        {
            return OfArrow(site, arrow, read, field);
        }

        if (site.Related(Place.Test)?.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } first
            || first is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax || Syntaxes.FunctionOf(first) != body
            || block.Statements.FirstOrDefault(statement => statement.Span.Contains(read.Span)) is not { } last
            || ReferencesIn(site, body, field) is not { } all)
        {
            return null;
        }

        var references = all.Where(reference => reference.SpanStart >= first.SpanStart && reference.SpanStart < last.Span.End).ToList();
        var local = NameOf(site, first, field);

        // A statement on lines of its own keeps its layout; only one that follows something on its line is formatted.
        var indentation = first.GetLeadingTrivia().LastOrDefault();
        var hasLine = indentation.IsKind(SyntaxKind.WhitespaceTrivia);
        var copy = Parsed.Statement($"{CodeStyle.Local(site, field.Type)} {local} = {read};").WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(LineBreak.Of(first));
        copy = hasLine ? copy.WithoutAnnotations(Formatter.Annotation) : copy;
        return new FixEdit(block, editor =>
        {
            foreach (var reference in references)
            {
                editor.ReplaceNode(reference, SyntaxFactory.IdentifierName(local).WithTriviaFrom(reference));
            }

            editor.ReplaceNode(first, (current, _) => hasLine ? current.WithLeadingTrivia(indentation)
                : current.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation));
            editor.InsertBefore(first, copy);
        });
    }

    /// <summary><c>=> _w != null &amp;&amp; _w.…</c> becomes a block that begins with the copy.</summary>
    private static FixEdit? OfArrow(FixSite site, ArrowExpressionClauseSyntax arrow, ExpressionSyntax read, IFieldSymbol field)
    {
        if (ReferencesIn(site, arrow, field) is not { } references)
        {
            return null;
        }

        var local = NameOf(site, arrow, field);
        var expression = arrow.Expression.ReplaceNodes(references, (reference, _) =>
            SyntaxFactory.IdentifierName(local).WithTriviaFrom(reference)).WithoutTrivia();
        var copy = Parsed.Statement($"{CodeStyle.Local(site, field.Type)} {local} = {read};");
        StatementSyntax use = ArrowBody.IsVoid(site, arrow) ? SyntaxFactory.ExpressionStatement(expression)
            : SyntaxFactory.ReturnStatement(expression);
        return ArrowBody.ToBlock(arrow, SyntaxFactory.Block(copy, use));
    }

    private static string NameOf(FixSite site, SyntaxNode place, IFieldSymbol field) =>
        UnusedName.ForLocal(site, place, UnusedName.LocalOf(field.Name) is { } name && name != field.Name ? name : "reference");

    /// <summary>
    /// All of the body, which see one value then. Null where the method stores to the field itself, or reads it in a lambda: it may
    /// want the new one.
    /// </summary>
    private static List<ExpressionSyntax>? ReferencesIn(FixSite site, SyntaxNode body, IFieldSymbol field)
    {
        var references = new List<ExpressionSyntax>();
        foreach (var use in body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == field.Name))
        {
            ExpressionSyntax reference = use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use;
            if (!SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(reference, site.Cancel).Symbol, field))
            {
                continue;
            }

            if (reference.Ancestors().TakeWhile(node => node != body)
                .Any(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                || (reference.Parent is AssignmentExpressionSyntax assignment && assignment.Left == reference)
                || reference.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 })
            {
                return null;
            }

            references.Add(reference);
        }

        return references;
    }
}
