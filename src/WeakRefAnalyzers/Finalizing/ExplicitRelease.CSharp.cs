using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

internal static partial class ExplicitRelease
{
    /// <summary>So many uses of the names of releases are looked at; in a type with more, one of them may be an owner's.</summary>
    private const int MaxUses = 64;

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
        var looked = 0;
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
                if (++looked > MaxUses)
                {
                    return true;
                }

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

    public static partial bool HasOtherWay(CleanupCallback cleanup, KnownFacts known, CancellationToken cancel)
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

    private static bool SameValues(InvocationExpressionSyntax one, SyntaxNode other) =>
        other is InvocationExpressionSyntax call
        && Receiver(one.Expression) == Receiver(call.Expression)
        && one.ArgumentList.Arguments.ToString() == call.ArgumentList.Arguments.ToString();

    private static string? Receiver(ExpressionSyntax expression) => (expression as MemberAccessExpressionSyntax)?.Expression.ToString();
}
