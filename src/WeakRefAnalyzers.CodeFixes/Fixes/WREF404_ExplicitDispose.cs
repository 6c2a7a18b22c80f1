using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Gives the owner a <c>Dispose</c> that takes the registration back and cleans up at once; the callback stays and
/// reports the owner that nobody disposed. Offered where a static registry serves its own class, whose instances
/// register themselves once and with a value that they still have.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF404_ExplicitDispose() : WeakFix("Dispose the owner explicitly and let the registry report the leak", "WREF404")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Related(Place.Creation)
            is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } creation
            || creation.Parent?.Parent is not VariableDeclaratorSyntax
            {
                Parent.Parent: FieldDeclarationSyntax { Parent: ClassDeclarationSyntax type } field
            } registry
            || !field.Modifiers.Any(SyntaxKind.StaticKeyword)
            || site.Model.GetDeclaredSymbol(type, site.Cancel) is not { IsStatic: false } owner
            || owner.GetMembers("Dispose").Length > 0
            || owner.GetMembers(registry.Identifier.ValueText).Length > 1
            || !OwnRegistry.HasToken(site.Model.GetTypeInfo(creation, site.Cancel).Type)
            || OwnRegistry.RegistrationIn(type, registry.Identifier.ValueText) is not { } registration
            || registration.ArgumentList.Arguments[0].Expression is not ThisExpressionSyntax
            || registration.ArgumentList.Arguments[1].Expression is not { } held
            || site.Model.GetSymbolInfo(held, site.Cancel)
                .Symbol is not (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { IsStatic: false,
                    SetMethod: null } or IFieldSymbol { IsConst: true })
            || Cleanup(arguments[0].Expression, held, site) is not var (cleanup, callback))
        {
            return null;
        }

        var dispose = ((MethodDeclarationSyntax)Parsed.Members(
            $"public void Dispose() {{ if ({registry.Identifier.ValueText}.Unregister(this)) {{ }} }}")[0])
            .WithLeadingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)
            .WithTrailingTrivia(SyntaxFactory.ElasticMarker);
        dispose = dispose.ReplaceNode(((IfStatementSyntax)dispose.Body!.Statements[0]).Statement, SyntaxFactory.Block(cleanup));

        return new FixEdit(type, editor =>
        {
            editor.ReplaceNode(arguments[0].Expression, callback.WithTriviaFrom(arguments[0].Expression)
                .WithAdditionalAnnotations(Formatter.Annotation));
            if (registration.ArgumentList.Arguments.Count == 2)
            {
                editor.ReplaceNode(registration.ArgumentList,
                    registration.ArgumentList.AddArguments(SyntaxFactory.Argument(SyntaxFactory.ThisExpression())).NormalizeWhitespace()
                        .WithTriviaFrom(registration.ArgumentList));
            }

            editor.ReplaceNode(type, (current, _) => Disposable.Implement(((ClassDeclarationSyntax)current).AddMembers(dispose)));
        });

        (StatementSyntax, ExpressionSyntax)? Cleanup(ExpressionSyntax callback, ExpressionSyntax value, FixSite at)
        {
            var leak = $"global::System.Diagnostics.Trace.TraceWarning(\"{owner.Name} was collected without Dispose.\");";
            switch (callback)
            {
                case IdentifierNameSyntax or MemberAccessExpressionSyntax when at.Model.GetSymbolInfo(callback, at.Cancel)
                    .Symbol is IMethodSymbol { IsStatic: true }:
                    return (Statement($"{callback}({value});"), Lambda($"held => {{ {leak} {callback}(held); }}"));
                case LambdaExpressionSyntax { ExpressionBody: { } body,
                    AsyncKeyword.RawKind: 0 } lambda when ParameterOf(lambda) is { } parameter:
                    var uses = body.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                        .Where(name => name.Identifier.ValueText == parameter
                            && at.Model.GetSymbolInfo(name, at.Cancel).Symbol is IParameterSymbol);
                    var call = body.ReplaceNodes(uses, (name, _) => value.WithTriviaFrom(name));
                    return (Statement($"{call};"),
                        Lambda($"{(lambda.Modifiers.Any(SyntaxKind.StaticKeyword) ? "static " : "")}{parameter} => {{ {leak} {body}; }}"));
                default:
                    return null;
            }
        }
    }

    private static StatementSyntax Statement(string text) => SyntaxFactory.ParseStatement(text);

    private static ExpressionSyntax Lambda(string text)
    {
        var lambda = Parsed.Expression(text);
        var block = ((LambdaExpressionSyntax)lambda).Block!;
        var lineEnds = block.Statements.Select(statement => statement.GetLastToken()).Append(block.OpenBraceToken)
            .Append(block.OpenBraceToken.GetPreviousToken());
        return lambda.ReplaceTokens(lineEnds, (token, _) => token.WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed));
    }

    private static string? ParameterOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter.Identifier.ValueText,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters } => parameters[0].Identifier.ValueText,
        _ => null,
    };
}
