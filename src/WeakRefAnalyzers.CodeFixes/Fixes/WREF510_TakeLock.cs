using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Changes the collection under the lock that all of its other uses take.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF510_TakeLock() : WeakFix("Take the lock that the other uses take", "WREF510")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Related(Place.Cause) is not LockStatementSyntax { Expression: var gate } taken
            || site.Related(Place.Change) is not ExpressionSyntax change
            || taken.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner || !owner.Span.Contains(change.Span)
            || site.Model.GetSymbolInfo(gate, site.Cancel).Symbol
                is not { Kind: SymbolKind.Field or SymbolKind.Property } symbol
            || !(symbol.IsStatic || IsSameObject(change, owner))
            || !IsMadeHere(symbol, site.Cancel)
            || site.Model.LookupSymbols(change.SpanStart, name: symbol.Name).FirstOrDefault()?.Equals(symbol,
                SymbolEqualityComparer.Default) != true)
        {
            return null;
        }

        var whole = change.Parent is AssignmentExpressionSyntax assignment && assignment.Left == change ? assignment : change;
        var locked = (LockStatementSyntax)Parsed.Statement($"lock ({gate.WithoutTrivia()})\n{{\n}}");
        locked = locked.WithStatement(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(whole.WithoutTrivia())));
        return whole.Parent switch
        {
            ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or IfStatementSyntax or ElseClauseSyntax } statement =>
                new FixEdit(statement, editor => editor.ReplaceNode(statement, locked.WithTriviaFrom(statement)
                    .WithAdditionalAnnotations(Formatter.Annotation))),
            LambdaExpressionSyntax lambda when IsVoid(site, lambda) =>
                new FixEdit(lambda, editor => editor.ReplaceNode(lambda, lambda.WithBody(SyntaxFactory.Block(locked))
                    .WithAdditionalAnnotations(Formatter.Annotation))),
            ArrowExpressionClauseSyntax arrow when arrow.Parent is DestructorDeclarationSyntax || ArrowBody.IsVoid(site, arrow) =>
                ArrowBody.ToBlock(arrow, SyntaxFactory.Block(locked)),
            _ => null,
        };
    }

    /// <summary>A finalizer that takes a lock which came from elsewhere waits for who knows whom.</summary>
    private static bool IsMadeHere(ISymbol gate, CancellationToken cancel) =>
        gate.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) switch
        {
            VariableDeclaratorSyntax { Initializer.Value: var value } => IsMade(value),
            PropertyDeclarationSyntax { Initializer.Value: var value } => IsMade(value),
            _ => false,
        };

    private static bool IsMade(ExpressionSyntax value) =>
        value is BaseObjectCreationExpressionSyntax || value.GetType().Name == "CollectionExpressionSyntax";

    /// <summary>Code of the object that has the gate, which is not the dead one.</summary>
    private static bool IsSameObject(ExpressionSyntax change, TypeDeclarationSyntax owner) =>
        change.Ancestors().TakeWhile(node => node != owner).All(static node => node switch
        {
            DestructorDeclarationSyntax or TypeDeclarationSyntax => false,
            MemberDeclarationSyntax member => !member.Modifiers.Any(SyntaxKind.StaticKeyword),
            AnonymousFunctionExpressionSyntax function => !function.Modifiers.Any(SyntaxKind.StaticKeyword),
            _ => true,
        });

    private static bool IsVoid(FixSite site, LambdaExpressionSyntax lambda) =>
        site.Model.GetSymbolInfo(lambda, site.Cancel).Symbol is IMethodSymbol { ReturnsVoid: true };
}
