using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Gates that a finalizer can take without waiting: nobody else has them, or nobody who has one waits.</summary>
internal sealed class Gates(FinalizerReach reach, CancellationToken cancel)
{
    private readonly Dictionary<ISymbol, bool> _free = new(SymbolEqualityComparer.Default);
    private QuickCode? _quick;
    private SlowCode? _slow;

    public KnownFacts Known => reach.Known;

    public bool IsFree(IOperation gate, CallFrame frame)
    {
        if (frame.ReceiverOf(gate) is not null && SymbolOf(gate) is { } other)
        {
            return IsOwnPart(gate, frame) || IsKnownFree(other);
        }

        var origin = Provenance.Of(gate, frame);
        return IsOwnObject(origin, frame) || (SymbolOf(origin) is { } symbol && IsKnownFree(symbol));
    }

    /// <summary>Of all finalizers that take the gate, the first has what runs under it looked at.</summary>
    private bool IsKnownFree(ISymbol gate) =>
        reach.Known.Of<ISymbol, Freedom>(gate, found => new Freedom(new Gates(reach, cancel).IsFree(found))).IsFree;

    /// <summary>Whether only the object itself has the gate: a finalizer runs when nobody uses the object, so nobody is inside.</summary>
    public bool IsOwn(IOperation gate, CallFrame frame) => IsOwnObject(Provenance.Of(gate, frame), frame);

    /// <summary>Whether code that waits, or works outside of memory, is seen to run under the gate: here or elsewhere.</summary>
    public bool IsSlow(IOperation gate, IOperation region, CallFrame frame)
    {
        _slow ??= new SlowCode(reach.Model.Compilation, cancel);
        if (_slow.Is(region, 0))
        {
            return true;
        }

        return SymbolOf(frame.ReceiverOf(gate) is null ? Provenance.Of(gate, frame) : gate) is { } symbol
            && reach.Known.Of<ISymbol, Use>(symbol, found => new Use(IsSlowElsewhere(found))).IsSlow;
    }

    /// <summary>Of all finalizers that take the gate, the first has its uses looked at.</summary>
    private bool IsSlowElsewhere(ISymbol gate)
    {
        var slow = new SlowCode(reach.Model.Compilation, cancel);
        return gate switch
        {
            INamedTypeSymbol type => LocksOnSelf(type),
            IFieldSymbol { DeclaringSyntaxReferences.IsEmpty: false } field => RegionsOf(field).Any(slow.Is)
                || (field.Type is INamedTypeSymbol { SpecialType: SpecialType.None, DeclaringSyntaxReferences.IsEmpty: false } own
                    && LocksOnSelf(own)),
            _ => false,
        };

        bool LocksOnSelf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(part => part.GetSyntax(cancel).DescendantNodes()
            .Any(node => node is LockStatementSyntax { Expression: ThisExpressionSyntax, Statement: var other } && slow.Is(other)));
    }

    private IEnumerable<SyntaxNode> RegionsOf(IFieldSymbol field)
    {
        foreach (var name in NamesOf(field))
        {
            foreach (var use in Members.Named(name, Members.Outermost(field.ContainingType), reach.Known))
            {
                if (RegionOf(use) is { } region)
                {
                    yield return region;
                }
            }
        }
    }

    /// <summary>
    /// A gate of the whole process. Who takes one that hangs on an object mostly holds that object, and so the one that is dead by now.
    /// </summary>
    public static bool IsOfAll(IOperation gate, CallFrame frame) =>
        Provenance.Of(gate, frame) is IMemberReferenceOperation { Member.IsStatic: true } or ITypeOfOperation;

    /// <summary>An object that locks itself and that the dead one made for itself alone: who else could be inside?</summary>
    private bool IsOwnPart(IOperation gate, CallFrame? frame)
    {
        if (Provenance.Of(gate, ref frame) is not IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: var field }
            || frame is { HopsAway: > 0 } || field.DeclaredAccessibility != Accessibility.Private)
        {
            return false;
        }

        var any = false;
        foreach (var value in Members.ValuesOf(field, reach.Known))
        {
            any |= value is BaseObjectCreationExpressionSyntax;
            if (!(value is BaseObjectCreationExpressionSyntax || Syntaxes.IsNull(value)))
            {
                return false;
            }
        }

        return any && !Members.UsesOf(field, reach.Known).Any(static use => IsHandedOn(use)
            || Syntaxes.Outer(Syntaxes.Qualified(use)).Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax);
    }

    /// <summary>Whether all code under the gate is to be seen, and none of it waits.</summary>
    public bool IsFree(ISymbol gate)
    {
        if (_free.TryGetValue(gate, out var known))
        {
            return known;
        }

        _free.Add(gate, true); // A gate that is met again inside itself is held already.
        _quick ??= new QuickCode(reach.Model.Compilation, this, cancel);
        var free = gate is INamedTypeSymbol type ? IsFreeObject(type) : IsFreeField((IFieldSymbol)gate);
        _free[gate] = free;
        return free;
    }

    /// <summary>What tells a gate: its field, or the type of an object that locks itself.</summary>
    public static ISymbol? SymbolOf(IOperation gate) => gate switch
    {
        IInstanceReferenceOperation { Type: INamedTypeSymbol type } => type.OriginalDefinition,
        IFieldReferenceOperation { Field: var field } => field.OriginalDefinition,
        IPropertyReferenceOperation { Property: { IsVirtual: false, IsAbstract: false, IsOverride: false } property } =>
            Members.Behind(property) as IFieldSymbol,
        _ => null,
    };

    private bool IsOwnObject(IOperation gate, CallFrame frame) => frame.HopsAway == 0 && gate switch
    {
        IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: var field } => IsOwnField(field),
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation,
            Property: { IsVirtual: false, IsAbstract: false, IsOverride: false } property } =>
            Members.ReturnedBy(property) is ThisExpressionSyntax || (Members.Behind(property) is IFieldSymbol field && IsOwnField(field))
            || (Members.IsAuto(property) && IsOwnField(property)),
        _ => false,
    };

    /// <summary>Other code may see the field, as long as it takes no lock on what it sees.</summary>
    private bool IsOwnField(ISymbol field) => !field.IsStatic
        && IsMadeHere(field, field is IFieldSymbol { Type: var type } && IsData(type))
        && (field.DeclaredAccessibility == Accessibility.Private || !NamesOf(field).Any(name => IsLockedBeside(field, name)));

    private bool IsLockedBeside(ISymbol field, string name)
    {
        foreach (var part in field.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var use in Members.Named(name, part.SyntaxTree.GetRoot(), reach.Known))
            {
                // Without a receiver it is another member of that name, or this one of the same object, in a derived type.
                if (!part.Span.Contains(use.Span) && Syntaxes.OwnNameOf(Syntaxes.Qualified(use)) is null && RegionOf(use) is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Who hands over a collection hands over what is in it, and no gate.</summary>
    private static bool IsData(ITypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true;

    private bool IsMadeHere(ISymbol field, bool orOther = false)
    {
        var any = false;
        foreach (var value in Members.ValuesOf(field, reach.Known))
        {
            var made = value is BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax
                || value.GetType().Name == "CollectionExpressionSyntax";
            any |= made;
            if (!made && !orOther)
            {
                return false;
            }
        }

        return any;
    }

    private bool IsFreeObject(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(part => part.GetSyntax(cancel).DescendantNodes().All(node =>
            node is not LockStatementSyntax { Expression: ThisExpressionSyntax, Statement: var region } || _quick!.Is(region)));

    private bool IsFreeField(IFieldSymbol field)
    {
        if (field.DeclaringSyntaxReferences.IsEmpty || !IsPrivate(field) || !IsMadeHere(field))
        {
            return false;
        }

        foreach (var name in NamesOf(field))
        {
            foreach (var use in Members.Named(name, Members.Outermost(field.ContainingType), reach.Known))
            {
                if (RegionOf(use) is { } region ? !_quick!.Is(region) : IsHandedOn(use))
                {
                    return false;
                }
            }
        }

        return NamesOf(field).Skip(1).All(name => !IsLockedBeside(field, name));
    }

    private static bool IsPrivate(ISymbol member)
    {
        for (var current = member; current is not null and not INamespaceSymbol; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility == Accessibility.Private)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The field's name and those of the properties that show it.</summary>
    private static IEnumerable<string> NamesOf(ISymbol field)
    {
        yield return field.Name;
        for (var type = field.ContainingType; type is not null; type = type.ContainingType)
        {
            foreach (var member in type.GetMembers())
            {
                if (member is IPropertySymbol property && property.Name != field.Name
                    && Syntaxes.NameOf(Members.ReturnedBy(property)) == field.Name)
                {
                    yield return property.Name;
                }
            }
        }
    }

    /// <summary>What runs with the lock taken, where the use takes it: the rest of the method, unless it says where that ends.</summary>
    private static SyntaxNode? RegionOf(IdentifierNameSyntax use)
    {
        var gate = Syntaxes.Outer(Syntaxes.Qualified(use));
        return gate.Parent switch
        {
            LockStatementSyntax @lock => @lock.Statement,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax {
                Name.Identifier.ValueText: "Enter" or "TryEnter", Expression: var monitor } } }
                when Syntaxes.NameOf(monitor) == "Monitor" => Syntaxes.FunctionOf(use),
            EqualsValueClauseSyntax { Parent.Parent.Parent: LocalDeclarationStatementSyntax } => Syntaxes.FunctionOf(use),
            _ => null,
        };
    }

    /// <summary>Whether the gate itself goes where one does not see what is done with it.</summary>
    private static bool IsHandedOn(IdentifierNameSyntax use)
    {
        var value = Syntaxes.Outer(Syntaxes.Qualified(use));
        return value.Parent switch
        {
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: var called } } =>
                called is MemberAccessExpressionSyntax { Expression: var owner } ? Syntaxes.NameOf(owner) != "Monitor"
                    : Syntaxes.NameOf(called) != "nameof",
            ArgumentSyntax { Parent.Parent: ObjectCreationExpressionSyntax { Type: GenericNameSyntax made } } =>
                !Vocabulary.IsCopying(made.Identifier.ValueText),
            ArgumentSyntax => true,
            AssignmentExpressionSyntax assignment => assignment.Right == value,
            ReturnStatementSyntax or ArrowExpressionClauseSyntax => value.FirstAncestorOrSelf<BasePropertyDeclarationSyntax>() is null,
            EqualsValueClauseSyntax => true,
            _ => false,
        };
    }

    private sealed record Use(bool IsSlow);

    private sealed record Freedom(bool IsFree);
}
