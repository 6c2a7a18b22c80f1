using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Collections that late code and other code have in common, and the locks around their uses.</summary>
/// <param name="reach">The late code.</param>
/// <param name="cleanup">The callback that it is; null for a finalizer.</param>
/// <param name="on">The compilation.</param>
/// <param name="cancel">Ends the search.</param>
internal sealed class SharedCollections(FinalizerReach reach, CleanupCallback? cleanup, Subscriptions on, CancellationToken cancel)
{
    private readonly Dictionary<ISymbol, List<CollectionUse>> _others = new(SymbolEqualityComparer.Default);

    /// <summary>The member behind the collection, where others use it and nobody guards this.</summary>
    public ISymbol? Of(IOperation collection, Reached reached)
    {
        if (MemberOf(collection, reached.CallFrame) is not { } member || !IsUnsynchronized(member) || IsGuarded(reached))
        {
            return null;
        }

        return OthersOf(member).Count > 0 ? member : null;
    }

    /// <summary>The lock statement of another use, where all other uses stand in one on the same object.</summary>
    public LockStatementSyntax? GateOf(ISymbol collection)
    {
        LockStatementSyntax? gate = null;
        foreach (var use in OthersOf(collection))
        {
            if (use.Node.FirstAncestorOrSelf<LockStatementSyntax>() is not { } taken
                || (gate is not null && !taken.Expression.IsEquivalentTo(gate.Expression)))
            {
                return null;
            }

            gate = taken;
        }

        return gate;
    }

    /// <summary>
    /// A static member; one of the object that the callback belongs to; one of what the callback is given, or of another object that the
    /// dead one knew.
    /// </summary>
    private ISymbol? MemberOf(IOperation collection, CallFrame frame)
    {
        var place = (CallFrame?)frame;
        var value = Provenance.Of(collection, ref place);
        switch (value)
        {
            case IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }:
                var member = (IMemberReferenceOperation)value;
                return member.Member.IsStatic || IsKnown(member.Instance, place) ? member.Member.OriginalDefinition : null;
            case IParameterReferenceOperation when cleanup is not null && place?.Caller is null:
                return HeldMember();
            default:
                return null;
        }
    }

    /// <summary>Of the callback's own object, or of what it is given; for a finalizer, of what a field leads to.</summary>
    private bool IsKnown(IOperation? owner, CallFrame? frame) => owner is not null && (cleanup is null
        ? !Operations.IsThis(Provenance.Of(owner, frame)) && Provenance.OwnMember(owner, frame) is not null
        : Provenance.Of(owner, frame) is IInstanceReferenceOperation or IParameterReferenceOperation
            || Provenance.OwnMember(owner, frame) is not null);

    /// <summary>The member whose collection is registered as the held value.</summary>
    private ISymbol? HeldMember()
    {
        foreach (var target in Registrations.With(cleanup!, on.Roles, on.Compilation, on.Known, cancel))
        {
            if (Operations.SymbolOf(target.HeldValue) is { Kind: SymbolKind.Field or SymbolKind.Property } member)
            {
                return member.OriginalDefinition;
            }
        }

        return null;
    }

    private bool IsUnsynchronized(ISymbol member)
    {
        if (member.DeclaringSyntaxReferences.IsEmpty
            || member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute"))
        {
            return false;
        }

        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        if (cleanup is null && type is INamedTypeSymbol { TypeArguments: var parts } && parts.Any(IsOfDeadObject))
        {
            return false; // As long as the object is in there its finalizer does not run.
        }

        var values = Members.ValuesOf(Members.Behind(member), on.Known).ToArray();
        return type is { TypeKind: TypeKind.Class } ? IsPlain(type)
                && !values.Any(static value => value.ToString().Contains("Synchronized"))
            : type is { TypeKind: TypeKind.Interface } && WeakKeys.IsCollection(type) && values.Length > 0 && values.All(value =>
                value is BaseObjectCreationExpressionSyntax
                && IsPlain(Operations.Of(on.Compilation, value, cancel)?.Type));
    }

    private bool IsOfDeadObject(ITypeSymbol part)
    {
        for (var type = reach.Type; type is { SpecialType: SpecialType.None }; type = type.BaseType)
        {
            if (Operations.Same(type.OriginalDefinition, part.OriginalDefinition))
            {
                return true;
            }
        }

        return reach.Type.AllInterfaces.Contains(part, SymbolEqualityComparer.Default);
    }

    /// <summary>The collections of the framework that say that they are not safe for several threads.</summary>
    private static bool IsPlain(ITypeSymbol? type) => type is { DeclaringSyntaxReferences.IsEmpty: true } && WeakKeys.IsCollection(type)
        && type.ContainingNamespace.Name is "Generic" or "Collections" or "ObjectModel" or "Specialized"
        && !type.Name.StartsWith("Synchronized", StringComparison.Ordinal);

    /// <summary>Somewhere on the way to it a lock is taken, whichever.</summary>
    private static bool IsGuarded(Reached reached)
    {
        var operation = reached.Operation;
        for (var frame = reached.CallFrame; frame is not null; frame = frame.Caller)
        {
            for (var parent = operation; parent is not null && parent != frame.Body; parent = parent.Parent)
            {
                if (parent is ILockOperation)
                {
                    return true;
                }
            }

            if (IsSynchronized(frame.Body.Syntax) || frame.Body.Descendants().Any(static part =>
                part is IInvocationOperation { TargetMethod.Name: var name } && (Vocabulary.IsAcquire(name) || name == "CompareExchange"
                    || name.IndexOf("lock", StringComparison.OrdinalIgnoreCase) >= 0)))
            {
                return true;
            }

            operation = frame.Call!;
        }

        return false;
    }

    private static bool IsSynchronized(SyntaxNode body) =>
        body.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.AttributeLists.ToString().Contains("Synchronized") == true;

    /// <summary>The uses in other code than the late one: in the type of the member, and beyond it where it can be seen there.</summary>
    private List<CollectionUse> OthersOf(ISymbol member)
    {
        if (_others.TryGetValue(member, out var known))
        {
            return known;
        }

        List<CollectionUse> others = [];
        _others.Add(member, others);
        HashSet<SyntaxNode> late = [.. reach.Operations.Select(static reached => reached.CallFrame.Body.Syntax)];
        var symbol = Members.Behind(member);
        Add(Members.UsesOf(symbol, on.Known));
        if (others.Count == 0 && member.DeclaredAccessibility != Accessibility.Private)
        {
            foreach (var tree in on.Compilation.SyntaxTrees)
            {
                Add(Members.Named(member.Name, tree.GetRoot(cancel), on.Known));
                if (others.Count > 0)
                {
                    break;
                }
            }
        }

        return others;

        void Add(IEnumerable<IdentifierNameSyntax> uses)
        {
            foreach (var name in uses)
            {
                var use = CollectionUses.UseOf(Syntaxes.Qualified(name));
                if (IsShared(use) && !late.Any(body => body.SyntaxTree == name.SyntaxTree && body.Span.Contains(name.Span))
                    && Operations.Same(Operations.SymbolOf(Operations.Of(on.Compilation, Syntaxes.Qualified(name), cancel))
                        ?.OriginalDefinition, symbol.OriginalDefinition))
                {
                    others.Add(use);
                }
            }
        }
    }

    /// <summary>It reads or changes the collection; not what makes it, asks for null or takes it for a lock.</summary>
    private static bool IsShared(CollectionUse use) => use.Member is not (null or "=" or "??=" or "lock" or "null")
        && use.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member and not DestructorDeclarationSyntax
        && !(member is ConstructorDeclarationSyntax && member.Modifiers.Any(SyntaxKind.StaticKeyword));
}
