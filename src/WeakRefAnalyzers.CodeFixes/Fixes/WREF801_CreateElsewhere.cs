using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Moves everything that touches the object into a local function with a frame of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF801_CreateElsewhere() : WeakFix("Create the object in a function that is not inlined", "WREF801")
{
    private const string Attribute =
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]";

    private protected override FixEdit? Edit(FixSite site)
    {
        // An attribute on a local function needs C# 9.
        if (site.Related(Place.Creation) is not { } made || !site.Language.HasNotPatterns
            || made.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } first
            || block.Statements.LastOrDefault(statement => statement.Span.Contains(site.Node.Span)) is not { } assertion)
        {
            return null;
        }

        // From the creation to the last statement before the assertion that names the object.
        var holder = first switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } when made.Span
                == variables[0].Initializer?.Value.Span =>
                variables[0].Identifier.ValueText,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } when made.Span == assignment.Right.Span =>
                assignment.Left.ToString(),
            LocalDeclarationStatementSyntax => null,
            _ => "",
        };
        var start = block.Statements.IndexOf(first);
        var end = Enumerable.Range(start, block.Statements.IndexOf(assertion) - start)
            .Last(i =>
                i == start
                    || (holder is not null
                        && block.Statements[i].DescendantNodes().OfType<ExpressionSyntax>().Any(node => node.ToString() == holder)));
        var moved = block.Statements.Skip(start).Take(end - start + 1).ToList();
        if (holder is "" || Extraction.Of(site.Model, moved) is not { } signature)
        {
            return null;
        }

        var name = Name(site, block, holder);
        var call = signature.Result is { } result
            ? $"{CodeStyle.Local(site, result.Type)} {result.Name} = {name}({signature.Arguments});"
            : $"{name}({signature.Arguments});";
        var body = string.Concat(moved
            .Where((statement, i) => i == 0 || !IsRelease(statement, holder, first is LocalDeclarationStatementSyntax))
            .Select((statement, i) => i == 0 ? statement.WithoutLeadingTrivia().ToFullString() : statement.ToFullString()));
        var returned = signature.Result is { } value ? $"return {value.Name};\n" : "";
        var type = signature.Result?.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) ?? "void";
        var text = $"{Attribute}\n{(signature.UsesThis ? "" : "static ")}{type} {name}({signature.Parameters})\n{{\n{body}{returned}}}\n";
        var function = Parsed.Statement(text);
        return new FixEdit(block, editor =>
        {
            editor.ReplaceNode(
                first,
                Parsed.Statement(call).WithLeadingTrivia(first.GetLeadingTrivia()).WithTrailingTrivia(LineBreak.Of(first)));
            foreach (var statement in moved.Skip(1))
            {
                editor.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia);
            }

            editor.InsertAfter(
                block.Statements.Last(),
                function.WithLeadingTrivia(SyntaxFactory.EndOfLine(LineBreak.Of(block).ToString())));
        });
    }

    /// <summary><c>x = null;</c> of a local that ends with the function anyway.</summary>
    private static bool IsRelease(StatementSyntax statement, string? holder, bool local) =>
        local
            && statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax
            {
                Left: IdentifierNameSyntax left,
                Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression }
            } }
            && left.Identifier.ValueText == holder && !Comments.AreIn(statement.DescendantTrivia());

    private static string Name(FixSite site, BlockSyntax block, string? holder)
    {
        var noun = (holder ?? "Object").Substring((holder ?? "").LastIndexOf('.') + 1).TrimStart('_', '@');
        var name = "Create" + char.ToUpperInvariant(noun[0]) + noun.Substring(1);
        return UnusedName.ForLocal(site, block, name);
    }
}
