using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Removes the dead entries where one is added, inside whatever lock is held there. Not each time, which would make
/// adding quadratic: when there are twice as many as the last pruning left.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF602_PruneOnMiss() : WeakFix("Remove dead entries before adding one", "WREF602")
{
    private const int FewestToPrune = 16;

    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Model.GetDeclaredSymbol(site.Node, site.Cancel) is not IFieldSymbol { Type: INamedTypeSymbol type } field
            || type.TypeArguments.Any(static argument => argument is IErrorTypeSymbol { Name: "" })
            || site.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner
            || site.Related(Place.Addition) is not ExpressionSyntax { } addition
            || addition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().FirstOrDefault(name =>
                name.Identifier.ValueText == field.Name) is not { } name
            || addition.AncestorsAndSelf().FirstOrDefault(static node =>
                node is StatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax) is not { } place)
        {
            return null;
        }

        var collection = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name;
        if (collection.Parent is AssignmentExpressionSyntax)
        {
            return null; // (list ??= new()).Add(…): there may be none.
        }

        var threshold = new NewField(owner, site.Model.Compilation.GetSpecialType(SpecialType.System_Int32),
            $"prune{Capitalized(UnusedName.LocalOf(field.Name) ?? "entries")}At") { IsStatic = field.IsStatic };
        var item = UnusedName.ForLocal(site, place, type.TypeArguments.Length == 1 ? "reference" : "entry");
        if (!threshold.IsPossible || DeadEntries.Removal(site, place, type, collection.ToString(), item) is not { } removal)
        {
            return null;
        }

        switch (place)
        {
            // Evaluated first, so that nothing else happens before.
            case ExpressionStatementSyntax { Parent: BlockSyntax or IfStatementSyntax or ElseClauseSyntax
                or GlobalStatementSyntax } statement when IsFirstIn(
                statement.Expression,
                addition):
                return new FixEdit(statement, editor =>
                {
                    var prune = Prune(editor);
                    if (statement.Parent is BlockSyntax)
                    {
                        editor.InsertBefore(statement, Apart(prune));
                    }
                    else
                    {
                        editor.ReplaceNode(statement, SyntaxFactory.Block(Apart(prune), statement)
                            .WithTrailingTrivia(LineBreak.Of(owner)).WithAdditionalAnnotations(Formatter.Annotation));
                    }
                });
            case ArrowExpressionClauseSyntax arrow when IsFirstIn(arrow.Expression, addition) && ArrowBody.IsVoid(site, arrow):
                var body = SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()));
                return ArrowBody.ToBlock(arrow, body) is null ? null : new FixEdit(arrow.Parent!, editor =>
                    ArrowBody.ToBlock(arrow, body.WithStatements(body.Statements.Insert(0, Apart(Prune(editor)))))!.Apply(editor));
            default:
                return null;
        }

        StatementSyntax Prune(Microsoft.CodeAnalysis.Editing.SyntaxEditor editor)
        {
            var limit = threshold.Insert(site, editor);
            if (!field.IsStatic && collection is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } other)
            {
                // The collection of another object of the type.
                var own = limit is MemberAccessExpressionSyntax qualified ? qualified.Name : (SimpleNameSyntax)limit;
                limit = other.WithName(own).WithoutTrivia();
            }

            return Parsed.Statement($$"""
                if ({{collection}}.Count >= {{limit}})
                {
                    {{removal}}
                    {{limit}} = global::System.Math.Max({{FewestToPrune}}, 2 * {{collection}}.Count);
                }
                """);
        }

        StatementSyntax Apart(StatementSyntax prune) =>
            prune.WithTrailingTrivia(LineBreak.Of(owner), SyntaxFactory.EndOfLine(LineBreak.Of(owner).ToString()));
    }

    private static bool IsFirstIn(ExpressionSyntax whole, ExpressionSyntax addition) => whole.Span.Contains(addition.Span)
        && whole.SpanStart == addition.SpanStart;

    private static string Capitalized(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
