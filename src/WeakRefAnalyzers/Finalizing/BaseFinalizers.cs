using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Finalizers that a type inherits, and that run what it has overridden.</summary>
internal static class BaseFinalizers
{
    /// <summary>A cheap look at the syntax: nothing else has anything to do with a base's finalizer.</summary>
    public static bool MayReach(TypeDeclarationSyntax type)
    {
        if (type.BaseList is not null)
        {
            foreach (var member in type.Members)
            {
                if (member is MethodDeclarationSyntax or PropertyDeclarationSyntax && member.Modifiers.Any(SyntaxKind.OverrideKeyword))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The finalizer of the nearest base that has one, whose code is known: of source, or of the framework's components.</summary>
    public static IMethodSymbol? Of(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers(WellKnownMemberNames.DestructorName))
            {
                if (member is IMethodSymbol { Parameters.IsEmpty: true, IsStatic: false, ReturnsVoid: true } finalizer
                    && (!finalizer.DeclaringSyntaxReferences.IsEmpty || DisposeOf(current) is not null))
                {
                    return finalizer;
                }
            }
        }

        return null;
    }

    /// <summary>The <c>Dispose(bool)</c> of the framework's <c>Component</c>, which its finalizer calls.</summary>
    public static IMethodSymbol? DisposeOf(INamedTypeSymbol type)
    {
        if (type is { Name: "Component", ContainingNamespace.Name: "ComponentModel" })
        {
            foreach (var member in type.GetMembers("Dispose"))
            {
                if (member is IMethodSymbol { IsVirtual: true, Parameters: { Length: 1 } parameters } dispose
                    && parameters[0].Type.SpecialType == SpecialType.System_Boolean)
                {
                    return dispose;
                }
            }
        }

        return null;
    }

    /// <summary>Whether a constructor takes all such objects off the finalizer queue at once.</summary>
    public static bool IsSuppressed(INamedTypeSymbol type, KnownFacts known) =>
        Members.Named("SuppressFinalize", type, known).Any(static use =>
        use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax);
}
