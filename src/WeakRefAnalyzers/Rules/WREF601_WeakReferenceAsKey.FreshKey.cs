using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// A weak reference that is made to look something up with: as the key of a collection that its declaration does not speak for (a local, a
/// parameter, a property, another type's field), or as what a list is searched for. One instance serves one compilation.
/// </summary>
internal sealed class FreshKey(Compilation compilation, RoleTable roles, KnownFacts known)
{
    private readonly Lazy<bool> _hasComparer = new(() => compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type)
        .OfType<INamedTypeSymbol>()
        .Any(type => type.AllInterfaces.Any(part => part.Name == "IEqualityComparer" && part.TypeArguments.Any(roles.IsReferenceType))));

    /// <summary>
    /// The collection that the new reference meets, and whether it is searched from end to end; null where the reference is kept.
    /// </summary>
    public (string Collection, bool IsSearched)? Find(IOperation made, CancellationToken cancel)
    {
        (IOperation Collection, bool IsSearched)? first = null;
        foreach (var use in Fate.Uses(made, known))
        {
            if (MeetingOf(use) is not { } meeting)
            {
                return null;
            }

            first ??= meeting;
        }

        return first is var (collection, searched) && (searched || IsWithoutComparer(collection, cancel)) && !IsToldBefore(made, collection)
            ? (Text.Of(collection.Syntax), searched)
            : null;
    }

    /// <summary>The collection whose key, or whose searched element, the use is.</summary>
    private (IOperation Collection, bool IsSearched)? MeetingOf(IOperation use)
    {
        if (WeakKeys.WholeOf(use, roles).Parent is not IArgumentOperation { Parameter.Ordinal: var ordinal, Parent: var parent })
        {
            return null;
        }

        var (collection, name, arguments) = parent switch
        {
            IInvocationOperation { Instance: { } receiver, TargetMethod.Name: var method } when ordinal == 0 => (receiver, method, 1),
            IInvocationOperation
            {
                Instance: null,
                TargetMethod: { Name: var method, ContainingType.Name: var owner, IsExtensionMethod: var extends },
                Arguments: var given
            } when ordinal == 1 && (extends || owner == "Array") =>
                (Operations.Inner(given[0].Value), method, given.Count(static argument =>
                    argument.ArgumentKind == ArgumentKind.Explicit) - 1),
            IPropertyReferenceOperation { Instance: { } receiver and not IInstanceReferenceOperation, Property.IsIndexer: true }
                when ordinal == 0 => (receiver, "[]", 1),
            _ => default((IOperation?, string, int)),
        };
        collection = collection is IConditionalAccessInstanceOperation instance ? Operations.ReceiverOf(instance) : collection;
        return collection?.Type is not { } type ? null
            : Vocabulary.IsKeyed(name) && WeakKeys.Hashes(type, roles) ? (collection, false)
            : Vocabulary.IsSearch(name) && arguments == 1 && IsList(type) ? (collection, true)
            : null;
    }

    private bool IsList(ITypeSymbol type) => type is IArrayTypeSymbol { ElementType: var element } ? IsCompared(element)
        : type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } && IsCompared(arguments[0]) && WeakKeys.IsCollection(type);

    private bool IsCompared(ITypeSymbol type) => WeakKeys.Compares(type, roles);

    private bool IsWithoutComparer(IOperation collection, CancellationToken cancel)
    {
        var values = Operations.Inner(collection) switch
        {
            ILocalReferenceOperation local => Values.In(local, known).Of(local.Local).Select(static given => given.Value?.Syntax).ToList(),
            IMemberReferenceOperation { Member: { DeclaringSyntaxReferences.IsEmpty: false } member } =>
                Members.ValuesOf(Members.Behind(member), known).ToList<SyntaxNode?>(),
            _ => [],
        };
        var isKnown = values.Count > 0;
        foreach (var value in values)
        {
            if (value is null || Operations.Of(compilation, value, cancel) is not { } operation)
            {
                isKnown = false;
            }
            else if (WeakKeys.HasComparer(operation) || value.ToString().Contains("omparer"))
            {
                return false;
            }
            else
            {
                isKnown &= Operations.Inner(operation) is IObjectCreationOperation;
            }
        }

        // Who made it, and with what comparer, is not in sight: nobody has one.
        return isKnown || !_hasComparer.Value;
    }

    /// <summary>
    /// The declaration of the field is told already, or nothing needs to be told of it, or a place further up in this body is told.
    /// </summary>
    private bool IsToldBefore(IOperation made, IOperation collection)
    {
        if (collection is IFieldReferenceOperation { Field: { DeclaringSyntaxReferences.IsEmpty: false } field }
            && WeakKeys.Hashes(field.Type, roles)
            && WeakKeys.Fresh(field, CollectionUses.Of(field, compilation, known, default), compilation, roles, known, default) is not null)
        {
            return true;
        }

        return Reference.Of(collection, known) is { } reference && Operations.RootOf(made).Descendants().Any(other =>
            other.Syntax.SpanStart < made.Syntax.SpanStart
            && other is IObjectCreationOperation or IInvocationOperation && roles.IsReferenceType(other.Type)
            && Fate.Uses(other, known).Select(MeetingOf).FirstOrDefault() is var (met, _) && reference.Equals(Reference.Of(met, known)));
    }
}
