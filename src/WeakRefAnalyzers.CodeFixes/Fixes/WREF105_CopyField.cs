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
            || site.Model.GetSymbolInfo(read, site.Cancel).Symbol is not IFieldSymbol field
            || site.Related(Place.Test)?.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } first
            || first is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax || Syntaxes.FunctionOf(first) != body
            || block.Statements.FirstOrDefault(statement => statement.Span.Contains(read.Span)) is not { } last)
        {
            return null;
        }

        // Everything from the test to the read sees one value. Where the method stores to the field itself, or reads it in a lambda, it may want the new one.
        var references = new List<ExpressionSyntax>();
        foreach (var use in body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == field.Name))
        {
            ExpressionSyntax reference = use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use;
            if (!SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(reference, site.Cancel).Symbol, field))
            {
                continue;
            }

            if (Syntaxes.FunctionOf(reference) != body || (reference.Parent is AssignmentExpressionSyntax assignment && assignment.Left == reference)
                || reference.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 })
            {
                return null;
            }

            if (reference.SpanStart >= first.SpanStart && reference.SpanStart < last.Span.End)
            {
                references.Add(reference);
            }
        }

        var stem = UnusedName.LocalOf(field.Name) is { } name && name != field.Name ? name : "reference";
        var local = UnusedName.ForLocal(site, first, stem);

        // A statement on lines of its own keeps its layout; only one that follows something on its line is formatted.
        var indentation = first.GetLeadingTrivia().LastOrDefault();
        var hasLine = indentation.IsKind(SyntaxKind.WhitespaceTrivia);
        var copy = Parsed.Statement($"{CodeStyle.Local(site, field.Type)} {local} = {read};").WithLeadingTrivia(first.GetLeadingTrivia()).WithTrailingTrivia(LineBreak.Of(first));
        copy = hasLine ? copy.WithoutAnnotations(Formatter.Annotation) : copy;
        return new FixEdit(block, editor =>
        {
            foreach (var reference in references)
            {
                editor.ReplaceNode(reference, SyntaxFactory.IdentifierName(local).WithTriviaFrom(reference));
            }

            editor.ReplaceNode(first, (current, _) => hasLine ? current.WithLeadingTrivia(indentation) : current.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation));
            editor.InsertBefore(first, copy);
        });
    }
}
