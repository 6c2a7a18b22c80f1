using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Collections;

/// <summary>Collections that hash weak references, which compare by the wrapper and not by the target.</summary>
internal static class WeakKeys
{
    private const int MaxDepth = 3;

    /// <summary>A dictionary or set whose keys compare weak references.</summary>
    public static bool Hashes(ITypeSymbol type, RoleTable roles) =>
        type is INamedTypeSymbol { Name: var name, TypeArguments: { Length: > 0 } arguments }
        && (name.EndsWith("Dictionary", StringComparison.Ordinal) || name.EndsWith("Set", StringComparison.Ordinal))
            && !name.StartsWith("Sorted", StringComparison.Ordinal)
        && IsCollection(type) && Compares(arguments[0], roles);

    /// <summary>
    /// Values of the type are equal where the weak references are that they are or hold: a reference without an equality of its own, a
    /// tuple, a record or a struct of such.
    /// </summary>
    public static bool Compares(ITypeSymbol type, RoleTable roles) => Compares(type, roles, 0);

    private static bool Compares(ITypeSymbol type, RoleTable roles, int depth)
    {
        if (roles.IsReferenceType(type))
        {
            return !HasOwnEquality(type);
        }

        if (depth > MaxDepth || type is not INamedTypeSymbol { SpecialType: SpecialType.None } whole
            || !(whole.IsTupleType || IsPair(whole) || ((type.IsRecord || type.TypeKind == TypeKind.Struct)
                && !type.DeclaringSyntaxReferences.IsEmpty
                && whole.GetMembers("Equals").All(static member => member.IsImplicitlyDeclared))))
        {
            return false;
        }

        foreach (var part in PartsOf(whole))
        {
            if (Compares(part, roles, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the value consists of: the types of its fields. Those of other assemblies' types are not to be seen.</summary>
    public static IEnumerable<ITypeSymbol> PartsOf(INamedTypeSymbol type) => IsPair(type) ? type.TypeArguments
        : type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic).Select(static field => field.Type);

    private static bool IsPair(INamedTypeSymbol type) =>
        type is { Name: "KeyValuePair" or "Tuple", DeclaringSyntaxReferences.IsEmpty: true };

    /// <summary>The value that the reference is, or is made into, as a key.</summary>
    public static IOperation WholeOf(IOperation reference, RoleTable roles)
    {
        var whole = Operations.Outer(reference);
        while (true)
        {
            switch (whole.Parent)
            {
                case ITupleOperation tuple:
                    whole = Operations.Outer(tuple);
                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Type: { } type } made }
                    when !roles.IsReferenceType(type) && Compares(type, roles):
                    whole = Operations.Outer(made);
                    break;
                default:
                    return whole;
            }
        }
    }

    /// <summary>The weak reference that the expression makes, or makes a part of what it makes.</summary>
    private static ExpressionSyntax? MadeIn(IOperation? value, RoleTable roles)
    {
        value = Operations.Inner(value);
        if (WeakTargets.OfNew(value, roles) is not null)
        {
            return value!.Syntax as ExpressionSyntax;
        }

        var parts = value switch
        {
            ITupleOperation tuple => tuple.Elements,
            IObjectCreationOperation { Type: { } type, Arguments: var arguments } when Compares(type, roles) =>
                arguments.Select(static argument => argument.Value),
            _ => [],
        };
        foreach (var part in parts)
        {
            if (MadeIn(part, roles) is { } made)
            {
                return made;
            }
        }

        return null;
    }

    public static bool IsCollection(ITypeSymbol type)
    {
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space is { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The wrapper that is made only to serve as a key; null where there is none, or the collection has a comparer.</summary>
    public static ExpressionSyntax? FreshKey(
        IFieldSymbol field,
        List<CollectionUse> uses,
        Compilation compilation,
        RoleTable roles,
        KnownFacts known,
        CancellationToken cancel) =>
        Fresh(field, uses, compilation, roles, known, cancel) is var (wrapper, isOnlyAdded)
            && !(isOnlyAdded && IsBag(field.Type) && IsWalked(uses)) ? wrapper : null;

    /// <summary>The same, and whether nothing is done with such keys but to add them: that is a bag, if others are removed.</summary>
    public static (ExpressionSyntax Wrapper, bool IsOnlyAdded)? Fresh(
        IFieldSymbol field,
        List<CollectionUse> uses,
        Compilation compilation,
        RoleTable roles,
        KnownFacts known,
        CancellationToken cancel)
    {
        var creations = new List<ExpressionSyntax>();
        if (!CollectionUses.AreNew(field, uses, creations, cancel)
            || creations.Any(creation => HasComparer(Operations.Of(compilation, creation, cancel))))
        {
            return null;
        }

        ExpressionSyntax? added = null;
        foreach (var use in uses)
        {
            if (Vocabulary.IsKeyed(use.Member) && use.Key is { } key
                && Wrapper(key, uses, compilation, roles, known, cancel) is { } wrapper)
            {
                if (!IsOnlyAdded(use))
                {
                    return (wrapper, false);
                }

                added ??= wrapper;
            }
        }

        return added is null ? null : (added, true);
    }

    /// <summary>The references themselves are what is kept: nothing of interest is looked up by them.</summary>
    private static bool IsBag(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments: var arguments } && (arguments.Length == 1 || arguments[arguments.Length - 1].IsValueType);

    /// <summary>Somebody goes through the elements one by one, and some are taken out.</summary>
    private static bool IsWalked(List<CollectionUse> uses) =>
        uses.Exists(static use => use.Member is "foreach" or "Keys" or "RemoveWhere" || IsQuery(use))
        && uses.Exists(static use => use.Member is { } member && Vocabulary.IsRemoval(member) && member != "Clear");

    /// <summary>Nobody asks whether it was there already.</summary>
    private static bool IsOnlyAdded(CollectionUse use) =>
        use is { Member: "Add" or "TryAdd", Node.Parent: ExpressionStatementSyntax
            or ArrowExpressionClauseSyntax
            { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.ValueText: "void" } } }
            };

    private static bool IsQuery(CollectionUse use) =>
        use.Member is { } member && Vocabulary.IsLook(member) && !Vocabulary.IsKeyed(member) && use.Node is InvocationExpressionSyntax;

    /// <summary>The weak reference is made right there, or into a local that only ever meets this collection.</summary>
    private static ExpressionSyntax? Wrapper(
        ExpressionSyntax key,
        List<CollectionUse> uses,
        Compilation compilation,
        RoleTable roles,
        KnownFacts known,
        CancellationToken cancel)
    {
        var operation = Operations.Inner(Operations.Of(compilation, key, cancel));
        if (MadeIn(operation, roles) is { } own)
        {
            return own;
        }

        if (operation is not ILocalReferenceOperation { Local: var local } || Syntaxes.FunctionOf(key) is not { } body
            || Values.In(operation, known).Of(local) is not { Count: 1 } writes
            || MadeIn(writes[0].Value, roles) is not { } made)
        {
            return null;
        }

        return body.DescendantNodes().OfType<IdentifierNameSyntax>().All(name =>
            name.Identifier.ValueText != local.Name || uses.Any(use => use.Key == name)) ? made : null;
    }

    /// <summary>Whether the collection is made with a comparer; so it counts where it does not bind.</summary>
    public static bool HasComparer(IOperation? creation) =>
        Operations.Inner(creation) is not IObjectCreationOperation { Arguments: var arguments }
            ? creation is IInvalidOperation
            : arguments.Any(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Name: "comparer" });

    public static bool HasOwnEquality(ITypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }
            and not { Name: "WeakReference", ContainingNamespace.Name: "System" }; current = current.BaseType)
        {
            // WeakRefs.WeakRef<T> compares its wrapper, and says so.
            if (current is not { Name: "WeakRef", ContainingNamespace.Name: "WeakRefs" }
                && current.GetMembers("Equals").Any(member => member is IMethodSymbol { IsOverride: true }))
            {
                return true;
            }
        }

        return false;
    }
}
