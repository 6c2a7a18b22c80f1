using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// Types whose objects nobody owns who could release them: values of a ConditionalWeakTable, made to notice that the key
/// died; exceptions, which whoever catches them forgets; objects whose references native code counts; those of which others see only
/// the delegate bound to them; those that a static or thread-local variable keeps for as long as the process or the thread lives.
/// </summary>
internal static class Ownerless
{
    public static bool Is(INamedTypeSymbol type, Compilation compilation, KnownFacts known) =>
        type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "GeneratedComClassAttribute")
        || IsException(type) || IsCounted(type)
        || (type is { DeclaredAccessibility: Accessibility.Private, ContainingType: { } whole } && IsCounted(whole))
        || IsCallback(type)
        || compilation.SyntaxTrees.Any(tree => known.Of<SyntaxTree, Attached>(tree, AttachedIn).Types.Contains(type.Name))
        || IsKeptForGood(type, compilation, known);

    private static bool IsException(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCounted(INamedTypeSymbol type) => type.AllInterfaces.Any(static @interface => @interface.IsComImport);

    private static bool IsCallback(INamedTypeSymbol type)
    {
        var visible = type.GetMembers().Where(static member => member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }
            && member is { IsStatic: false, DeclaredAccessibility: not (Accessibility.Private or Accessibility.Protected) }).ToList();
        return visible.Count > 0 && visible.All(static member =>
            member is IPropertySymbol { Type.TypeKind: TypeKind.Delegate, SetMethod: null }
            or IFieldSymbol { Type: { TypeKind: TypeKind.Delegate } or { SpecialType: SpecialType.System_IntPtr } })
            && visible.Any(static member => member is not IFieldSymbol { Type.SpecialType: SpecialType.System_IntPtr });
    }

    /// <summary>Whether all that is made of the type is put into static variables: such objects are never finalized.</summary>
    public static bool IsKeptForGood(INamedTypeSymbol type, Compilation compilation, KnownFacts known)
    {
        if (type.InstanceConstructors.All(IsForTheOnlyOne))
        {
            return true;
        }

        var any = false;
        foreach (var scope in IsMadeInside(type)
            ? Members.Outermost(type).DeclaringSyntaxReferences.Select(static part => part.GetSyntax())
            : compilation.SyntaxTrees.Select(static tree => tree.GetRoot()))
        {
            foreach (var name in Members.Named(type.Name, scope, known))
            {
                switch (Syntaxes.Qualified(name).Parent)
                {
                    case ObjectCreationExpressionSyntax creation when !IsStatic(creation):
                    case VariableDeclarationSyntax declaration when declaration.Variables.Any(static variable =>
                        variable.Initializer?.Value is ImplicitObjectCreationExpressionSyntax { } made && !IsStatic(made)):
                    case BaseTypeSyntax:
                        return false;
                    case ObjectCreationExpressionSyntax:
                    case VariableDeclarationSyntax { Parent: FieldDeclarationSyntax } fields when fields.Variables.Any(static variable =>
                        variable.Initializer?.Value is ImplicitObjectCreationExpressionSyntax):
                        any = true;
                        break;
                }
            }
        }

        return any;
    }

    /// <summary><c>if (s_instance != null) throw …; s_instance = this;</c>: the first is kept, and there is no second.</summary>
    private static bool IsForTheOnlyOne(IMethodSymbol constructor) => !constructor.DeclaringSyntaxReferences.IsEmpty
        && constructor.DeclaringSyntaxReferences[0].GetSyntax() is ConstructorDeclarationSyntax syntax
        && syntax.DescendantNodes().Any(node => node is AssignmentExpressionSyntax { Left: var left, Right: ThisExpressionSyntax }
            && Syntaxes.OwnNameOf(left) is { } name && syntax.Parent is TypeDeclarationSyntax type && IsStaticFieldOf(type, name)
            && syntax.DescendantNodes().Any(asked => asked is IfStatementSyntax { Condition: var condition, Statement: var then }
                && condition.DescendantNodes().Any(part => part is IdentifierNameSyntax { Identifier.ValueText: var read } && read == name)
                && then.DescendantNodesAndSelf().Any(static thrown => thrown is ThrowStatementSyntax)));

    private static bool IsMadeInside(INamedTypeSymbol type) => type.DeclaredAccessibility == Accessibility.Private
        || (type.InstanceConstructors.Length > 0 && type.InstanceConstructors.All(static constructor =>
            constructor is { DeclaredAccessibility: Accessibility.Private, IsImplicitlyDeclared: false }));

    /// <summary>The initializer of a static field or property, an assignment to one, or what such a ThreadLocal or Lazy makes.</summary>
    private static bool IsStatic(ExpressionSyntax creation)
    {
        foreach (var node in creation.Ancestors())
        {
            switch (node)
            {
                case BaseFieldDeclarationSyntax or BasePropertyDeclarationSyntax:
                    return ((MemberDeclarationSyntax)node).Modifiers.Any(SyntaxKind.StaticKeyword)
                        && (node is FieldDeclarationSyntax || creation.FirstAncestorOrSelf<AccessorDeclarationSyntax>() is null);
                case AssignmentExpressionSyntax { Left: var left, Right: var right } when right.Contains(creation):
                    return Syntaxes.OwnNameOf(left) is { } name && creation.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
                        && IsStaticFieldOf(type, name);
                case ArgumentListSyntax { Parent: InvocationExpressionSyntax exchange } when IsPutIfAbsent(exchange, creation):
                    return true;
                case ArgumentListSyntax { Parent: not BaseObjectCreationExpressionSyntax } or BaseMethodDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    /// <summary><c>Interlocked.CompareExchange(ref s_instance, new T(), null)</c>: the only one, but for who lost the race.</summary>
    private static bool IsPutIfAbsent(InvocationExpressionSyntax call, ExpressionSyntax creation) =>
        call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompareExchange" } called,
            ArgumentList.Arguments: { Count: 3 } arguments }
        && Syntaxes.NameOf(called.Expression) == "Interlocked" && arguments[1].Expression == creation
        && Syntaxes.IsNull(arguments[2].Expression) && Syntaxes.NameOf(arguments[0].Expression) is { } name
        && creation.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && IsStaticFieldOf(type, name);

    private static bool IsStaticFieldOf(TypeDeclarationSyntax type, string name) =>
        type.Members.OfType<FieldDeclarationSyntax>().Any(field => field.Modifiers.Any(SyntaxKind.StaticKeyword)
            && field.Declaration.Variables.Any(variable => variable.Identifier.ValueText == name));

    private static Attached AttachedIn(SyntaxTree tree)
    {
        var names = new Attached();
        if (!tree.GetText().ToString().Contains("ConditionalWeakTable<"))
        {
            return names;
        }

        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is GenericNameSyntax { Identifier.ValueText: "ConditionalWeakTable",
                TypeArgumentList.Arguments: { Count: 2 } arguments }
                && (arguments[1] is QualifiedNameSyntax qualified ? qualified.Right : arguments[1]) is SimpleNameSyntax value)
            {
                names.Types.Add(value.Identifier.ValueText);
            }
        }

        return names;
    }

    /// <summary>The names of the types that a file makes values of weak tables.</summary>
    private sealed class Attached
    {
        public HashSet<string> Types { get; } = new(StringComparer.Ordinal);
    }
}
