using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Uses the variable that the lambda already read the weak reference into, where it was found alive.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF303_UseTheWeakRead() : WeakFix("Use what the weak reference returned", "WREF303")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var roles = SharedRoles.Of(site);
        var made = site.Related(Place.Creation) is not { } creator ? null : site.Model.GetOperation(creator, site.Cancel) switch
        {
            IObjectCreationOperation creation => roles.TargetOf(creation),
            IInvocationOperation invocation => roles.TargetOf(invocation),
            _ => null,
        };
        if (site.Node.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not { } lambda
            || lambda.Span != site.Diagnostic.Location.SourceSpan
            || site.Related(Place.Cause) is not { } cause || !lambda.Span.Contains(cause.Span)
            || site.Model.GetOperation(lambda, site.Cancel) is not IAnonymousFunctionOperation function
            || made is not { } weak || Reference.Of(weak.Value, site.Known) is not { Parent: null } target)
        {
            return null;
        }

        var alive = function.Body.Descendants().SelectMany(operation => Alive(operation, function, weak, roles, site.Known)).ToList();
        var uses = new List<(ExpressionSyntax Use, ILocalSymbol Variable)>();
        foreach (var use in function.Body.Descendants().Where(operation =>
            operation is ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation
                && target.Equals(Reference.Of(operation, site.Known))))
        {
            var (test, variable) = alive.Find(found => found.Test.Places()?.Any(place => place.Span.Contains(use.Syntax.Span)) == true);
            if (test is null || use.Syntax is not (SimpleNameSyntax or ThisExpressionSyntax)
                || !SymbolEqualityComparer.Default.Equals(variable.Type, use.Type)
                || Values.IsWritten(variable, use, test.Expression.Span.End, site.Known))
            {
                return null;
            }

            uses.Add(((ExpressionSyntax)use.Syntax, variable));
        }

        return uses.Count == 0 ? null : new FixEdit(lambda, editor =>
        {
            foreach (var (use, variable) in uses)
            {
                var name = SyntaxFactory.IdentifierName(variable.Name);
                var isReceiver = use is SimpleNameSyntax member
                    && site.Model.GetSymbolInfo(member).Symbol is not (ILocalSymbol or IParameterSymbol);
                editor.ReplaceNode(use, isReceiver
                    ? SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, name,
                        (SimpleNameSyntax)use.WithoutTrivia()).WithTriviaFrom(use)
                    : name.WithTriviaFrom(use));
            }
        });
    }

    /// <summary>A read of the reference into a new variable, with the tests that tell whether it is alive.</summary>
    private static IEnumerable<(LivenessCheck Test, ILocalSymbol Variable)> Alive(IOperation operation,
        IAnonymousFunctionOperation function, WeakTarget weak, RoleTable roles, KnownFacts known)
    {
        var read = operation switch
        {
            IInvocationOperation invocation => roles.ReadOf(invocation),
            IPropertyReferenceOperation property => roles.ReadOf(property),
            _ => null,
        };
        if (read is not { Receiver: ILocalReferenceOperation or IFieldReferenceOperation } found
            || !IsSameReference(found.Receiver, weak, known))
        {
            return [];
        }

        if (found.Kind == WeakReadKind.Try)
        {
            return found.Out is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var declared } }
                ? [(LivenessCheck.Whole((ExpressionSyntax)operation.Syntax), declared)] : [];
        }

        var value = operation;
        while (value.Parent is IConversionOperation)
        {
            value = value.Parent;
        }

        switch (value.Parent)
        {
            case IIsPatternOperation { Pattern: var pattern }
                when ((pattern as IDeclarationPatternOperation)?.DeclaredSymbol
                    ?? (pattern as IRecursivePatternOperation)?.DeclaredSymbol) is ILocalSymbol local:
                return [(LivenessCheck.Whole((ExpressionSyntax)value.Parent.Syntax), local)];
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return function.Body.Descendants().OfType<ILocalReferenceOperation>()
                    .Where(use => local.Equals(use.Local, SymbolEqualityComparer.Default)
                        && ReadSyntax.IsTestedForNull((ExpressionSyntax)use.Syntax))
                    .Select(use => (LivenessCheck.Of((ExpressionSyntax)use.Syntax), local)).OfType<(LivenessCheck, ILocalSymbol)>();
            default:
                return [];
        }
    }

    private static bool IsSameReference(IOperation receiver, WeakTarget weak, KnownFacts known)
    {
        var holder = receiver is ILocalReferenceOperation local ? Values.OnlyValueOf(local.Local, receiver, known)?.Syntax : null;
        return holder is not null ? holder == weak.Operation.Syntax
            : receiver is IFieldReferenceOperation { Field.Name: var field }
            && weak.Operation.Syntax.Parent is AssignmentExpressionSyntax assignment
                && assignment.Left.ToString().EndsWith(field, StringComparison.Ordinal);
    }
}
