using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Makes the callback static and moves the one value it used to the held value, where nothing was held so far.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF302_StaticCallback() : WeakFix("Pass the state as the held value", "WREF302")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<LambdaExpressionSyntax>() is not { } lambda
            || lambda.Span != site.Diagnostic.Location.SourceSpan
            || ParameterOf(lambda) is not { } parameter
                || site.Model.GetOperation(
                    lambda,
                    site.Cancel) is not IAnonymousFunctionOperation { Symbol.Parameters: { Length: 1 } parameters } function
                || lambda.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } creation
            || site.Model.GetOperation(creation, site.Cancel) is not IObjectCreationOperation registry)
        {
            return null;
        }

        // A registry that nothing keeps takes its callback with it: that has to be mended as well, and by hand.
        var roles = SharedRoles.Of(site);
        if (Fate
            .Uses(registry, site.Known)
            .All(use =>
                use.Parent is IInvocationOperation call
                    && call.Instance == use
                    && roles.TargetOf(call) is { Kind: WeakTargetKind.Registration }))
        {
            return null;
        }

        if (roles.CleanupOf(registry) is not { } cleanup
            || Only(Registrations.With(
                cleanup,
                roles,
                site.Model.Compilation,
                site.Known,
                site.Cancel)) is not { HeldValue: { Syntax: ExpressionSyntax held } value }
                || held.SyntaxTree != lambda.SyntaxTree || StateOf(function, site.Known) is not { Count: > 0 } uses
                || uses[0] is not { } state
            || !uses.All(use => SyntaxFactory.AreEquivalent(use, state))
            || site.Model.GetTypeInfo(state, site.Cancel).Type is not { } type
                || !SymbolEqualityComparer.Default.Equals(type, parameters[0].Type)
            || !(type.SpecialType == SpecialType.System_String || type.IsUnmanagedType))
        {
            return null;
        }

        // What was held must not be missed, and the state must mean the same where it is registered.
        var isSame = SyntaxFactory.AreEquivalent(held, state);
        var symbol = site.Model.GetSymbolInfo(state, site.Cancel).Symbol;
        if ((!isSame && value.ConstantValue is not { HasValue: true }
                && held is not (DefaultExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression }))
            || !SymbolEqualityComparer.Default.Equals(
                site.Model.GetSpeculativeSymbolInfo(held.SpanStart, state, SpeculativeBindingOption.BindAsExpression).Symbol,
                symbol)
            || (symbol is ILocalSymbol local
                && Values.OnlyValueOf(local, function, site.Known) is { } given
                && given.Syntax.SpanStart > held.SpanStart))
        {
            return null;
        }

        var scope = lambda.Ancestors().First(node => node.Span.Contains(held.Span));
        return new FixEdit(scope, editor =>
        {
            var name = NameFor(site, symbol!, lambda);
            var changed = lambda.ReplaceNodes(
                uses.Cast<SyntaxNode>().Append(parameter),
                (old, _) =>
                    old == parameter
                        ? parameter.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(parameter.Identifier))
                        : SyntaxFactory.IdentifierName(name).WithTriviaFrom(old));
            if (site.Language.HasNotPatterns && !changed.Modifiers.Any(SyntaxKind.StaticKeyword))
            {
                var modifier = SyntaxFactory.Token(SyntaxKind.StaticKeyword)
                    .WithLeadingTrivia(changed.GetLeadingTrivia())
                    .WithTrailingTrivia(SyntaxFactory.Space);
                changed = changed.WithLeadingTrivia();
                changed = changed.WithModifiers(changed.Modifiers.Insert(0, modifier));
            }

            editor.ReplaceNode(lambda, changed);
            if (!isSame)
            {
                editor.ReplaceNode(held, state.WithTriviaFrom(held));
            }
        });
    }

    /// <summary>The expressions that stand for what the lambda captured, or null where it does more with it than read one value.</summary>
    private static List<ExpressionSyntax>? StateOf(IAnonymousFunctionOperation lambda, KnownFacts known)
    {
        var uses = new List<ExpressionSyntax>();
        foreach (var operation in lambda.Body.Descendants())
        {
            switch (operation)
            {
                case IParameterReferenceOperation reference when SymbolEqualityComparer.Default.Equals(
                    reference.Parameter.ContainingSymbol,
                    lambda.Symbol):
                case IAnonymousFunctionOperation or ILocalFunctionOperation
                    or IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }
                    or IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction }:
                    return null;
                case ILocalReferenceOperation { Local: var local } when lambda.Syntax.Span.Contains(
                    local.DeclaringSyntaxReferences[0].Span):
                    continue;
                case ILocalReferenceOperation or IParameterReferenceOperation
                    or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    var use = operation.Parent switch
                    {
                        IFieldReferenceOperation { Field.IsReadOnly: true } field => field,
                        IPropertyReferenceOperation { Property: { SetMethod: null
                            or { IsInitOnly: true } } property } reference when IsAuto(property) =>
                            reference,
                        _ when operation is ILocalReferenceOperation local && Values.OnlyValueOf(local.Local, local, known) is not null =>
                            operation,
                        _ when operation is IParameterReferenceOperation given && !Values.IsWritten(given.Parameter, given, -1, known) =>
                            operation,
                        _ => null,
                    };
                    if (use?.Syntax is not ExpressionSyntax expression)
                    {
                        return null;
                    }

                    uses.Add(expression);
                    break;
            }
        }

        return uses;
    }

    private static WeakTarget? Only(IEnumerable<WeakTarget> registrations)
        => registrations.Take(2).Count() == 1 ? registrations.First() : null;

    private static bool IsAuto(IPropertySymbol property)
        => property.ContainingType
            .GetMembers()
            .Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static ParameterSyntax? ParameterOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters } => parameters[0],
        _ => null,
    };

    private static string NameFor(FixSite site, ISymbol state, LambdaExpressionSyntax lambda)
    {
        var name = state.Name.TrimStart('_');
        name = name.Length == 0 ? "held" : char.ToLowerInvariant(name[0]) + name.Substring(1);
        name = SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "held";
        var isTaken = lambda
            .DescendantTokens()
            .Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && state.Name != name)
            || (!site.Language.HasPropertyPatterns
                && site.Model.LookupSymbols(lambda.SpanStart, name: name).Any(symbol => symbol is ILocalSymbol or IParameterSymbol));
        return isTaken ? name + "Held" : name;
    }
}
