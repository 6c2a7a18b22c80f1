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

/// <summary>Holds the target's id, key, name or handle in its place, or a key that is at hand.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF301_HoldKey() : WeakFix("Hold a key of the target instead", "WREF301")
{
    private static readonly string[] Names =
        ["Id", "Key", "Name", "Handle", "_id", "_key", "_name", "_handle", "id", "key", "name", "handle"];

    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not ExpressionSyntax held || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || site.Model.GetOperation(call, site.Cancel) is not IInvocationOperation operation
            || operation.Arguments.FirstOrDefault(argument =>
                argument.Value.Syntax.Span == held.Span)?.Parameter?.Type is not { SpecialType: SpecialType.System_Object }
            || !CallbackTakesAnything(operation, site))
        {
            return null;
        }

        // The value itself, or an element of a tuple or anonymous object; a type of the user's has its reasons.
        var cause = site.Related(Place.Cause);
        var place = cause is not null && held.Span.Contains(cause.Span) ? cause as ExpressionSyntax : held;
        while (place is CastExpressionSyntax or ParenthesizedExpressionSyntax)
        {
            place = place is CastExpressionSyntax cast ? cast.Expression : ((ParenthesizedExpressionSyntax)place).Expression;
        }

        var isElement = place?.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax } or AnonymousObjectMemberDeclaratorSyntax;
        if (place is not (IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax)
            || (!isElement && !IsAll(place, held))
            || KeyOf(place, site) is not { } key)
        {
            return null;
        }

        return new FixEdit(call, editor => editor.ReplaceNode(isElement ? place : held, key.WithTriviaFrom(isElement ? place : held)));
    }

    private static bool IsAll(ExpressionSyntax place, ExpressionSyntax held)
    {
        SyntaxNode? node = place;
        while (node != held && node is { Parent: CastExpressionSyntax or ParenthesizedExpressionSyntax })
        {
            node = node.Parent;
        }

        return node == held;
    }

    private static ExpressionSyntax? KeyOf(ExpressionSyntax target, FixSite site)
    {
        var type = site.Model.GetTypeInfo(target, site.Cancel).Type;
        foreach (var name in Names)
        {
            // Of a type that is there twice after a merge, there are two.
            var members = type is null ? default : site.Model.LookupSymbols(target.SpanStart, type, name);
            var member = members is { IsDefault: false, Length: 1 } ? members[0] : null;
            if (member is { IsStatic: false } and (IFieldSymbol or IPropertySymbol { GetMethod: not null, Parameters.IsEmpty: true })
                && IsKey(member))
            {
                return SyntaxFactory.MemberAccessExpression(
                    SyntaxKind.SimpleMemberAccessExpression,
                    target.WithoutTrivia(),
                    SyntaxFactory.IdentifierName(name));
            }
        }

        var parameter = Names
            .Select(name => site.Model.LookupSymbols(target.SpanStart, name: name).FirstOrDefault())
            .FirstOrDefault(symbol => symbol is IParameterSymbol { RefKind: RefKind.None } && IsKey(symbol));
        return parameter is null ? null : SyntaxFactory.IdentifierName(parameter.Name);
    }

    /// <summary>A value or a string: neither leads back to the target.</summary>
    private static bool IsKey(ISymbol symbol)
        => ((symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type ?? (symbol as IParameterSymbol)?.Type) is { } type
            && (type is { SpecialType: SpecialType.System_String }
                || (type is { IsUnmanagedType: true, IsRefLikeType: false } && type.TypeKind != TypeKind.Pointer));

    /// <summary>Whether all callbacks of this registry are lambdas that do not ask what their held value is.</summary>
    private static bool CallbackTakesAnything(IInvocationOperation call, FixSite site)
    {
        var roles = SharedRoles.Of(site);
        var target = roles.TargetOf(call);
        var callbacks = (target?.Holder is IMemberReferenceOperation { Member: var registry }
                ? registry.ContainingType.DeclaringSyntaxReferences.Where(part => part.SyntaxTree == site.Root.SyntaxTree)
                    .SelectMany(part => part.GetSyntax(site.Cancel).DescendantNodes())
                        .OfType<BaseObjectCreationExpressionSyntax>()
                        .Select(creation => site.Model.GetOperation(creation, site.Cancel))
                        .OfType<IObjectCreationOperation>()
                : Operations.RootOf(call).Descendants().OfType<IObjectCreationOperation>())
            .Select(creation => roles.CleanupOf(creation)).OfType<CleanupCallback>()
            .Where(cleanup =>
                Registrations.With(cleanup, roles, site.Model.Compilation, site.Known, site.Cancel)
                    .Any(other => other.Operation.Syntax == call.Syntax))
            .Select(cleanup =>
                Operations.ObjectOf(cleanup.Callback) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }
                    ? lambda
                    : null)
            .ToList();
        return callbacks.Count > 0 && callbacks.All(lambda => lambda is not null && !lambda.Body.Descendants().Any(use =>
            use is IParameterReferenceOperation { Parent: IConversionOperation { IsImplicit: false } or IPatternOperation
                or IIsPatternOperation or IIsTypeOperation or ISwitchOperation or ISwitchExpressionOperation } reference
            && SymbolEqualityComparer.Default.Equals(reference.Parameter, lambda.Symbol.Parameters[0])));
    }
}
