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
    private const string Attribute = "[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]";

    private protected override FixEdit? Edit(FixSite site)
    {
        // An attribute on a local function needs C# 9.
        if (site.Diagnostic.AdditionalLocations.FirstOrDefault() is not { } location || ((CSharpParseOptions)site.Node.SyntaxTree.Options).LanguageVersion < LanguageVersion.CSharp9
            || site.Root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } first
            || block.Statements.LastOrDefault(statement => statement.Span.Contains(site.Node.Span)) is not { } assertion)
        {
            return null;
        }

        // From the creation to the last statement before the assertion that names the object.
        var holder = first switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } when location.SourceSpan == variables[0].Initializer?.Value.Span => variables[0].Identifier.ValueText,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } when location.SourceSpan == assignment.Right.Span => assignment.Left.ToString(),
            LocalDeclarationStatementSyntax => null,
            _ => "",
        };
        var start = block.Statements.IndexOf(first);
        var end = Enumerable.Range(start, block.Statements.IndexOf(assertion) - start)
            .Last(i => i == start || (holder is not null && block.Statements[i].DescendantNodes().OfType<ExpressionSyntax>().Any(node => node.ToString() == holder)));
        var moved = block.Statements.Skip(start).Take(end - start + 1).ToList();
        if (holder is "" || Extraction.Of(site.Model, moved) is not { } signature)
        {
            return null;
        }

        var name = Name(block, holder);
        var call = signature.Result is { } result ? $"var {result.Name} = {name}({signature.Arguments});" : $"{name}({signature.Arguments});";
        var body = string.Concat(moved.Where((statement, i) => i == 0 || !IsRelease(statement, holder, first is LocalDeclarationStatementSyntax)).Select((statement, i) => i == 0 ? statement.WithoutLeadingTrivia().ToFullString() : statement.ToFullString()));
        var line = first.GetTrailingTrivia().ToFullString().EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var returned = signature.Result is { } value ? $"return {value.Name};{line}" : "";
        var type = signature.Result?.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) ?? "void";
        var text = $"{Attribute}{line}{(signature.UsesThis ? "" : "static ")}{type} {name}({signature.Parameters}){line}{{{line}{body}{returned}}}{line}";
        var function = SyntaxFactory.ParseStatement(text).WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        return new FixEdit(block, editor =>
        {
            editor.ReplaceNode(first, SyntaxFactory.ParseStatement(call).WithTriviaFrom(first).WithAdditionalAnnotations(Formatter.Annotation));
            foreach (var statement in moved.Skip(1))
            {
                editor.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia);
            }

            editor.InsertAfter(block.Statements.Last(), function.WithLeadingTrivia(SyntaxFactory.EndOfLine(line)));
        });
    }

    /// <summary><c>x = null;</c> of a local that ends with the function anyway.</summary>
    private static bool IsRelease(StatementSyntax statement, string? holder, bool local) =>
        local && statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax left, Right: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression } } }
        && left.Identifier.ValueText == holder && !statement.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));

    private static string Name(BlockSyntax block, string? holder)
    {
        var noun = (holder ?? "Object").Substring((holder ?? "").LastIndexOf('.') + 1).TrimStart('_', '@');
        var name = "Create" + char.ToUpperInvariant(noun[0]) + noun.Substring(1);
        var taken = (block.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? block.SyntaxTree.GetRoot()).DescendantTokens().Select(token => token.ValueText).ToList();
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? name : name + i).First(candidate => !taken.Contains(candidate));
    }
}
