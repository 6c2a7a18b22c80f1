using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>What a use does to the size of a collection.</summary>
internal static class Growth
{
    /// <summary>
    /// An entry more. Setting an item adds one where there are keys; what is added to an immutable collection comes back into the field.
    /// </summary>
    public static bool Adds(CollectionUse use, INamedTypeSymbol type) => WeakElements.IsImmutable(type)
        ? use.Node is InvocationExpressionSyntax && CollectionUses.OwnGrowthAround(use.Reference) is not null
        : (use.Member is { } called && Vocabulary.IsGrowth(called)) || (use.Member == "[]=" && type.TypeArguments.Length == 2);

    /// <summary>Reads, and what ends with the whole object. Any member not known here may remove.</summary>
    public static bool Keeps(CollectionUse use) => use.Member switch
    {
        "foreach" or "lock" or "null" or "[]" => true,
        "Clear" => use.IsInDispose,
        "??=" => true,
        "=" => use.IsInConstructor || use.IsInDispose || IsLazy(use) || CollectionUses.IsOwnGrowth(use.Reference),
        { } member => Vocabulary.IsLook(member),
        null => false,
    };

    /// <summary>The method that holds the use gives an entry a new target.</summary>
    public static bool ReusesSlots(CollectionUse use, Compilation compilation, RoleTable roles, CancellationToken cancel) =>
        use.Node.FirstAncestorOrSelf<SyntaxNode>(IsBody) is { } member && Operations.Of(compilation, member, cancel) is { } body
        && body.Descendants().Any(operation =>
            WeakTargets.TargetOf(operation, roles) is { Kind: WeakTargetKind.Reference, Holder: not null }
            || RenewsEntry(operation, roles));

    /// <summary><c>entry.Reference = new WeakReference(…)</c></summary>
    private static bool RenewsEntry(IOperation operation, RoleTable roles) =>
        operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } entry, Type: var type } target }
        && target is not IPropertyReferenceOperation { Arguments.IsEmpty: false }
        && entry is not (IInstanceReferenceOperation or IConditionalAccessInstanceOperation) && roles.IsReferenceType(type);

    public static bool IsBody(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
            or ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax };

    /// <summary><c>if (f == null) f = new …</c></summary>
    private static bool IsLazy(CollectionUse use) =>
        use.Node.FirstAncestorOrSelf<IfStatementSyntax>() is { Condition: BinaryExpressionSyntax or IsPatternExpressionSyntax } lazy
            && lazy.Condition.ToString().Contains(use.Reference.ToString()) && lazy.Condition.ToString().Contains("null");
}
