using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// Static collections and events that hold the objects of a type, and who takes them out. If that is the object's finalizer alone, it
/// waits for itself and never runs.
/// </summary>
internal sealed class StaticHolds(FinalizerReach reach, Retention retention, CancellationToken cancel)
{
    private readonly INamedTypeSymbol _type = reach.Type;
    private readonly Compilation _compilation = reach.Model.Compilation;

    /// <summary>What holds the object until this operation of its finalizer takes it out, and where it is put in.</summary>
    public (ISymbol Holder, SyntaxNode PutIn)? Awaited(Reached reached) =>
        LetGo(reached.Operation, _compilation, cancel) is { } holder && !IsCalledByOthers(reached) && PutIn(holder) is { } put
            && !IsTakenOutElsewhere(holder, reached) ? (holder, put) : null;

    /// <summary>Dispose, or whoever else calls the method on the way, takes the object out in time.</summary>
    private bool IsCalledByOthers(Reached reached)
    {
        for (var frame = reached.CallFrame; frame.Caller is not null; frame = frame.Caller)
        {
            if (frame.Method.DeclaredAccessibility != Accessibility.Private
                || Members.Named(frame.Method.Name, reach.Type, reach.Known).Count(static use => Syntaxes.CallOf(use) is not null) > 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The static collection or event that the operation of a finalizer takes something out of.</summary>
    private static ISymbol? LetGo(IOperation operation, Compilation compilation, CancellationToken cancel)
    {
        switch (operation)
        {
            case IEventAssignmentOperation { Adds: false, EventReference: IEventReferenceOperation { Event: { IsStatic: true } source } }:
                return source;
            case IInvocationOperation { Arguments.IsEmpty: false } call when Vocabulary.IsRemoval(call.TargetMethod.Name):
                return CollectionOf(call) ?? Behind(call, compilation, cancel);
            default:
                return null;
        }
    }

    /// <summary>Where the type, or that of the collection, puts an object of this type in; null where it is never seen to.</summary>
    private SyntaxNode? PutIn(ISymbol holder)
    {
        foreach (var owner in Owners(holder))
        {
            foreach (var use in Members.Named(holder.Name, owner, reach.Known))
            {
                if (AdditionAt(use) is { } addition && Operations.Of(_compilation, addition, cancel) is { } operation
                    && Puts(operation, holder))
                {
                    return addition;
                }
            }
        }

        return null;
    }

    /// <summary>Whether anything but the finalizer takes objects out, or code that is not in sight may.</summary>
    private bool IsTakenOutElsewhere(ISymbol holder, Reached own)
    {
        var method = own.Operation is IInvocationOperation { TargetMethod: var called } call && CollectionOf(call) is null ? called : null;
        foreach (var owner in Owners(holder))
        {
            foreach (var use in Members.Named(holder.Name, owner, reach.Known))
            {
                if (!own.CallFrame.Body.Syntax.Span.Contains(use.Span) && TakesOut(use)
                    && !(method is not null && IsIn(use, method)))
                {
                    return true;
                }
            }
        }

        // s_all may be changed by whoever sees it; a method beside it may be called by whoever sees that.
        return method is not null ? IsCalledElsewhere(method, own)
            : holder is not IEventSymbol && holder.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected;
    }

    private IEnumerable<INamedTypeSymbol> Owners(ISymbol holder) =>
        Operations.Same(holder.ContainingType.OriginalDefinition, _type.OriginalDefinition) ? [_type] : [_type, holder.ContainingType];

    private bool IsCalledElsewhere(IMethodSymbol method, Reached own)
    {
        foreach (var tree in _compilation.SyntaxTrees)
        {
            foreach (var use in Members.Named(method.Name, tree.GetRoot(cancel), reach.Known))
            {
                if (Syntaxes.CallOf(use) is { } call && !own.CallFrame.Body.Syntax.Span.Contains(call.Span) && !IsIn(call, method)
                    && (call.Expression is not MemberAccessExpressionSyntax access
                        || Syntaxes.NameOf(access.Expression) == method.ContainingType.Name))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsIn(SyntaxNode node, IMethodSymbol method)
    {
        foreach (var part in method.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree == node.SyntaxTree && part.Span.Contains(node.Span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The call, assignment or subscription that may put something into what is named.</summary>
    private static SyntaxNode? AdditionAt(IdentifierNameSyntax use)
    {
        var named = Syntaxes.Qualified(use);
        return named.Parent switch
        {
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression } added when added.Left == named => added,
            ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax set } element when set.Left == element => set,
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Parent: InvocationExpressionSyntax call }
                when Vocabulary.IsGrowth(name) => call,
            _ => null,
        };
    }

    private static bool TakesOut(IdentifierNameSyntax use)
    {
        var named = Syntaxes.Qualified(use);
        return named.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Left == named =>
                !assignment.IsKind(SyntaxKind.AddAssignmentExpression) && !IsGrown(assignment.Right),
            MemberAccessExpressionSyntax access when access.Expression == named => Vocabulary.IsRemoval(access.Name.Identifier.ValueText),
            ConditionalAccessExpressionSyntax
            { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax bound } } =>
                Vocabulary.IsRemoval(bound.Name.Identifier.ValueText),
            ArgumentSyntax => true,
            _ => false,
        };
    }

    /// <summary>s_all = s_all.Add(this).</summary>
    private static bool IsGrown(ExpressionSyntax value) =>
        value is InvocationExpressionSyntax call && Vocabulary.IsGrowth(Syntaxes.NameOf(call.Expression) ?? "");

    private bool Puts(IOperation operation, ISymbol holder) => operation switch
    {
        IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event: var source } } subscription =>
            Operations.Same(source, holder) && Holds(subscription.HandlerValue),
        ISimpleAssignmentOperation
        { Target: IPropertyReferenceOperation { Instance: IMemberReferenceOperation { Member: var member } } target }
            assignment => Operations.Same(member, holder)
                && (Holds(assignment.Value) || target.Arguments.Any(argument => Holds(argument.Value))),
        IInvocationOperation { Instance: IMemberReferenceOperation { Member: var member } } call =>
            Operations.Same(member, holder) && call.Arguments.Any(argument => Holds(argument.Value)),
        _ => false,
    };

    /// <summary>The object, another of its type, or what keeps the object.</summary>
    private bool Holds(IOperation value)
    {
        value = Operations.Inner(value);
        return value switch
        {
            IParameterReferenceOperation parameter => IsGivenThis(parameter.Parameter),
            _ when Operations.Same(value.Type?.OriginalDefinition, _type.OriginalDefinition) => true,
            _ when value.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } place && IsOwn(place) =>
                retention.Find(value, Reference.This) is not null,
            _ => false,
        };
    }

    private bool IsOwn(TypeDeclarationSyntax place)
    {
        foreach (var part in _type.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree == place.SyntaxTree && part.Span == place.Span)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The type gives itself to the method that puts its parameter in.</summary>
    private bool IsGivenThis(IParameterSymbol parameter)
    {
        if (Operations.Same(parameter.Type.OriginalDefinition, _type.OriginalDefinition) && parameter.Type.TypeKind == TypeKind.Class)
        {
            return true;
        }

        foreach (var use in Members.Named(parameter.ContainingSymbol.Name, reach.Type, reach.Known))
        {
            if (Syntaxes.CallOf(use) is { } call && call.ArgumentList.Arguments.Count > parameter.Ordinal
                && call.ArgumentList.Arguments[parameter.Ordinal].Expression is ThisExpressionSyntax)
            {
                return true;
            }
        }

        return false;
    }

    private static ISymbol? CollectionOf(IInvocationOperation call) =>
        call.Instance is IMemberReferenceOperation { Member: { IsStatic: true } and (IFieldSymbol or IPropertySymbol) and var member } held
            && !member.DeclaringSyntaxReferences.IsEmpty && IsCollection(held.Type) ? member : null;

    /// <summary>The collections of the framework; what others' do is not known. Of weak references they hold no object.</summary>
    private static bool IsCollection(ITypeSymbol? collection) =>
        collection is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: true, ContainingNamespace: { } place }
        && (place.Name == "Collections" || place.ContainingNamespace?.Name == "Collections");

    /// <summary>The collection that a static method takes its argument, which is the object, out of.</summary>
    private static ISymbol? Behind(IInvocationOperation call, Compilation compilation, CancellationToken cancel)
    {
        if (!call.TargetMethod.IsStatic || call.TargetMethod.DeclaringSyntaxReferences.IsEmpty
            || !call.Arguments.Any(static argument => Operations.IsThis(Operations.Inner(argument.Value)))
            || Operations.Of(compilation, call.TargetMethod.OriginalDefinition.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel)
                is not { } body)
        {
            return null;
        }

        foreach (var part in body.Descendants())
        {
            if (part is IInvocationOperation inner && Vocabulary.IsRemoval(inner.TargetMethod.Name)
                && CollectionOf(inner) is { } collection
                && inner.Arguments.Any(static argument => Operations.Inner(argument.Value) is IParameterReferenceOperation))
            {
                return collection;
            }
        }

        return null;
    }
}
