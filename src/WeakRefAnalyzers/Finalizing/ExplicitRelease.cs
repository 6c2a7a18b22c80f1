using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Whether an owner can release a resource without waiting for the collector.</summary>
internal static class ExplicitRelease
{
    /// <summary>Whether a base or an interface does not bind, so that nobody knows what the type has.</summary>
    public static bool IsUnknown(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.TypeKind == TypeKind.Error || current.Interfaces.Any(@interface => @interface.TypeKind == TypeKind.Error))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type has a member for it.</summary>
    public static bool IsOffered(INamedTypeSymbol type, KnownFacts known)
    {
        if (type.AllInterfaces.Any(@interface => @interface.Name is "IDisposable" or "IAsyncDisposable"))
        {
            return true;
        }

        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary
                    or MethodKind.ExplicitInterfaceImplementation, IsStatic: false } method && IsReachable(method)
                    && Vocabulary.IsEnding(method.Name))
                {
                    return true;
                }
            }
        }

        return IsSuppressedBeside(type, known);
    }

    /// <summary>A method of the object takes it off the finalizer queue: it is done with then, whoever calls that method.</summary>
    public static bool IsSuppressedWithin(INamedTypeSymbol type, KnownFacts known)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var use in Members.Named("SuppressFinalize", current.OriginalDefinition, known))
            {
                if (Syntaxes.CallOf(use) is { ArgumentList.Arguments: { Count: 1 } arguments }
                    && arguments[0].Expression is ThisExpressionSyntax
                    && use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is MethodDeclarationSyntax method
                    && (!IsPrivate(method) || Members.Named(method.Identifier.ValueText, current.OriginalDefinition, known).Any(call =>
                        call.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not DestructorDeclarationSyntax)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsPrivate(MethodDeclarationSyntax method) => !method.Modifiers.Any(static modifier =>
        modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword);

    /// <summary>Whether the call stands in, or is repeated in, a method that an owner can call.</summary>
    public static bool IsRepeated(ReleaseCall call, Reached reached, KnownFacts known)
    {
        HashSet<string> helpers = [];
        for (var frame = reached.CallFrame; frame.Caller is not null; frame = frame.Caller)
        {
            if (IsReachable(frame.Method))
            {
                return true;
            }

            helpers.Add(frame.Method.Name);
        }

        foreach (var name in helpers.Append(call.Name))
        {
            foreach (var use in Members.Named(name, reached.CallFrame.Method.ContainingType, known))
            {
                if (Syntaxes.CallOf(use) is not { } invocation
                    || reached.CallFrame.Body.Syntax.Span.Contains(invocation.Span)
                    || invocation.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not MethodDeclarationSyntax method)
                {
                    continue;
                }

                // A private Shutdown is called by somebody too: an event handler, a type within.
                if ((helpers.Contains(name) && !helpers.Contains(method.Identifier.ValueText)
                    && Vocabulary.IsEnding(method.Identifier.ValueText))
                    || (name == call.Name && !method.Modifiers.Any(SyntaxKind.PrivateKeyword) && method.Modifiers.Count > 0
                        && SameValues(invocation, call.Operation.Syntax)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a registry is the safety net of targets that can be released without it: its registrations are taken
    /// back, or every target registered with it in its type has a member for that.
    /// </summary>
    public static bool HasOtherWay(CleanupCallback cleanup, KnownFacts known, CancellationToken cancel)
    {
        var creation = cleanup.Operation;
        if (creation.SemanticModel is not { } model || creation.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner)
        {
            return false;
        }

        var name = creation.Syntax.Ancestors().Select(HolderName).FirstOrDefault(holder => holder is not null);
        var registered = false;
        foreach (var node in owner.DescendantNodes())
        {
            if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call)
            {
                continue;
            }

            if (access.Name.Identifier.ValueText == "Unregister")
            {
                return true;
            }

            if (access.Name.Identifier.ValueText == "Register" && Syntaxes.NameOf(access.Expression) == name
                && call.ArgumentList.Arguments.Count > 0)
            {
                if (model.GetTypeInfo(call.ArgumentList.Arguments[0].Expression, cancel).Type is not INamedTypeSymbol target
                    || !(IsUnknown(target) || IsOffered(target, known)))
                {
                    return false;
                }

                registered = true;
            }
        }

        return registered;
    }

    private static string? HolderName(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        AssignmentExpressionSyntax assignment => Syntaxes.NameOf(assignment.Left),
        _ => null,
    };

    /// <summary>A nested holder of the resource, whose owner takes it off the finalizer queue when it releases it.</summary>
    private static bool IsSuppressedBeside(INamedTypeSymbol type, KnownFacts known)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (Suppresses(outer, known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type's own code takes an object off the finalizer queue.</summary>
    public static bool Suppresses(INamedTypeSymbol type, KnownFacts known) =>
        Members.Named("SuppressFinalize", type, known).Any();

    private static bool IsReachable(IMethodSymbol method) =>
        method.MethodKind is MethodKind.ExplicitInterfaceImplementation
            || method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private static bool SameValues(InvocationExpressionSyntax one, SyntaxNode other) =>
        other is InvocationExpressionSyntax call
        && Receiver(one.Expression) == Receiver(call.Expression)
        && one.ArgumentList.Arguments.ToString() == call.ArgumentList.Arguments.ToString();

    private static string? Receiver(ExpressionSyntax expression) => (expression as MemberAccessExpressionSyntax)?.Expression.ToString();
}
