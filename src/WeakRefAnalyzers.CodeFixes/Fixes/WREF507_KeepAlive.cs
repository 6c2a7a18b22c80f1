using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Keeps the object alive behind the call. Where what the call gave may point into the object's memory, all that
/// follows comes into a try block whose finally does it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF507_KeepAlive() : WeakFix("Keep the object alive until the native call is done", "WREF507")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var place = site.Node.Ancestors().FirstOrDefault(static node =>
            node is StatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax);
        switch (place)
        {
            case ArrowExpressionClauseSyntax arrow:
                return arrow.Expression is RefExpressionSyntax ? null
                    : ArrowBody.IsVoid(site, arrow)
                        ? ArrowBody.ToBlock(
                            arrow,
                            SyntaxFactory.Block(
                                SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()).WithTrailingTrivia(LineBreak.Of(arrow)),
                                KeepAlive()))
                        : Kept(site, arrow.Expression) is { } kept ? ArrowBody.ToBlock(arrow, SyntaxFactory.Block(kept)) : null;
            case ReturnStatementSyntax { Expression: { } value and not RefExpressionSyntax } statement:
                return Kept(site, value) is { } statements ? Instead(statement, statements) : null;
            case ExpressionStatementSyntax statement when statement.Expression == site.Node || GivesNoPointer(site):
                return Instead(statement, [statement.WithoutTrivia(), KeepAlive()]);
            case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } statement when GivesNoPointer(site):
                return Instead(statement, [statement.WithoutTrivia(), KeepAlive()]);
            case StatementSyntax statement:
                return InTry(statement);
            default:
                return null;
        }
    }

    /// <summary>These in place of the statement, with its comments before the first and behind the last but one or the last.</summary>
    private static FixEdit? Instead(StatementSyntax statement, StatementSyntax[] statements)
    {
        var end = LineBreak.Of(statement);
        var commented = statement is ReturnStatementSyntax ? statements.Length - 1 : 0;
        var list = statements.Select((part, i) => (i == commented
            ? part.WithTrailingTrivia(statement.GetTrailingTrivia())
            : part.WithTrailingTrivia(end)).WithAdditionalAnnotations(Formatter.Annotation)).ToArray();
        list[0] = list[0].WithLeadingTrivia(statement.GetLeadingTrivia());
        return statement.Parent switch
        {
            BlockSyntax or SwitchSectionSyntax => new FixEdit(statement, editor =>
            {
                editor.InsertBefore(statement, list.Take(list.Length - 1));
                editor.ReplaceNode(statement, list[list.Length - 1]);
            }),
            IfStatementSyntax or ElseClauseSyntax =>
                new FixEdit(
                    statement,
                    editor =>
                        editor.ReplaceNode(
                            statement,
                            SyntaxFactory.Block(list).WithTrailingTrivia(end).WithAdditionalAnnotations(Formatter.Annotation))),
            _ => null,
        };
    }

    /// <summary>The value in a variable, the object kept alive, the value returned.</summary>
    private static StatementSyntax[]? Kept(FixSite site, ExpressionSyntax value)
    {
        if (site.Model.GetTypeInfo(value, site.Cancel) is not { Type: { TypeKind: not TypeKind.Error, IsRefLikeType: false } type })
        {
            return null;
        }

        var name = UnusedName.ForLocal(site, value, "result");
        var declaration = (LocalDeclarationStatementSyntax)Parsed.Statement($"{CodeStyle.Local(site, type)} {name} = 0;");
        declaration = declaration.ReplaceNode(declaration.Declaration.Variables[0].Initializer!.Value, value.WithoutTrivia());
        return [declaration.WithTrailingTrivia(LineBreak.Of(value)), KeepAlive().WithTrailingTrivia(LineBreak.Of(value)),
            Parsed.Statement($"return {name};")];
    }

    /// <summary>No result and no out argument of the call can lead into native memory.</summary>
    private static bool GivesNoPointer(FixSite site) => site.Node is InvocationExpressionSyntax call
        && site.Model.GetSymbolInfo(call, site.Cancel).Symbol is IMethodSymbol method
        && !IsPointer(method.ReturnType) && !method.Parameters.Any(static parameter => parameter.RefKind is RefKind.Out or RefKind.Ref
            && IsPointer(parameter.Type));

    private static bool IsPointer(ITypeSymbol type) =>
        type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr }
            or { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Struct, SpecialType: SpecialType.None };

    private static FixEdit? InTry(StatementSyntax statement)
    {
        if (statement.Parent is not BlockSyntax block)
        {
            return null;
        }

        var index = block.Statements.IndexOf(statement);
        var rest = block.Statements.Skip(index).ToArray();
        if (rest.Any(static part => part is LabeledStatementSyntax or LocalFunctionStatementSyntax))
        {
            return null;
        }

        var leading = statement.GetLeadingTrivia();
        rest[0] = statement.WithoutLeadingTrivia();
        var kept = SyntaxFactory.TryStatement(
            SyntaxFactory.Block(rest),
            default,
            SyntaxFactory.FinallyClause(SyntaxFactory.Block(KeepAlive())))
            .WithLeadingTrivia(leading).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        return new FixEdit(
            block,
            editor => editor.ReplaceNode(block, block.WithStatements(SyntaxFactory.List(block.Statements.Take(index).Append(kept)))));
    }

    private static StatementSyntax KeepAlive() => Parsed.Statement("global::System.GC.KeepAlive(this);");
}
