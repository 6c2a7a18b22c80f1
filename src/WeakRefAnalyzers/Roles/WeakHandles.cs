using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// Tells which GCHandles are weak. The type does not say; what counts is every value that its variable is given. A
/// handle that came from anywhere but a visible weak <c>Alloc</c> (a parameter, <c>FromIntPtr</c>) is not called weak.
/// </summary>
internal sealed class WeakHandles(INamedTypeSymbol? gcHandle)
{
    private const int MaxHops = 4;

    private readonly ConcurrentDictionary<ISymbol, bool> _weak = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxNode, NamedHandles> _named = new();

    public bool IsWeak(IOperation? handle, ITypeSymbol memberOwner)
    {
        if (gcHandle is null || !SymbolEqualityComparer.Default.Equals(memberOwner, gcHandle))
        {
            return false;
        }

        if (VariableOf(handle, 0) is not { } variable)
        {
            return false;
        }

        if (!_weak.TryGetValue(variable, out var weak))
        {
            weak = OnlyWeakValues(variable);
            _weak.TryAdd(variable, weak);
        }

        return weak;
    }

    /// <summary>The variable that the handle is in, alone or as an element of a private collection.</summary>
    private ISymbol? VariableOf(IOperation? handle, int hops) => handle switch
    {
        _ when hops > MaxHops => null,
        IFieldReferenceOperation { Field: { ContainingType.IsTupleType: true } } part => ContainerOf(part.Instance, hops),
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IArrayElementReferenceOperation element => ContainerOf(element.ArrayReference, hops),
        IPropertyReferenceOperation { Property: { IsIndexer: true } or { Name: "Value", ContainingType.Name: "KeyValuePair" } } part =>
            ContainerOf(part.Instance, hops),
        IPropertyReferenceOperation property => property.Property.OriginalDefinition,
        ILocalReferenceOperation { Local: var local } => SourceOf(local) is { } source ? source : local,
        _ => null,
    };

    private ISymbol? ContainerOf(IOperation? container, int hops) =>
        VariableOf(Operations.Inner(container), hops + 1) is { } variable
        && variable is ILocalSymbol or { DeclaredAccessibility: Accessibility.Private } ? variable : null;

    /// <summary>
    /// The private collection that the local got its value from: told by the text, since a flow graph's operations know of no model.
    /// </summary>
    private ISymbol? SourceOf(ILocalSymbol local)
    {
        if (local.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var declaration = local.DeclaringSyntaxReferences[0].GetSyntax();
        var source = declaration switch
        {
            ForEachStatementSyntax loop => loop.Expression,
            VariableDeclaratorSyntax { Initializer.Value: ElementAccessExpressionSyntax value } => IsAssigned(local) ? null : value,
            SingleVariableDesignationSyntax { Parent: DeclarationExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent:
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } } } } => access.Expression,
            SingleVariableDesignationSyntax => declaration.FirstAncestorOrSelf<ForEachVariableStatementSyntax>() is { } parts
                && parts.Variable.Span.Contains(declaration.Span) ? parts.Expression : null,
            _ => null,
        };
        while (source is ElementAccessExpressionSyntax or MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax })
        {
            source = source is ElementAccessExpressionSyntax element
                ? element.Expression : ((MemberAccessExpressionSyntax)source).Expression;
        }

        return Syntaxes.OwnNameOf(source) is { } name
            ? local.ContainingType?.GetMembers(name).FirstOrDefault(static member => member is IFieldSymbol or IPropertySymbol
                && member.DeclaredAccessibility == Accessibility.Private) : null;
    }

    private bool IsAssigned(ILocalSymbol local) => Scopes(local).Any(scope => In(scope).Assigned.Contains(local.Name));

    private bool OnlyWeakValues(ISymbol variable)
    {
        var weak = false;
        foreach (var scope in Scopes(variable))
        {
            var given = In(scope);
            if (given.Others.Contains(variable.Name))
            {
                return false;
            }

            weak |= given.Weak.Contains(variable.Name);
        }

        return weak;
    }

    private NamedHandles In(SyntaxNode scope) => _named.GetOrAdd(scope, static scope => new NamedHandles(scope));

    private static IEnumerable<SyntaxNode> Scopes(ISymbol variable)
    {
        if (variable is ILocalSymbol)
        {
            foreach (var reference in variable.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax().FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member)
                {
                    yield return member;
                }
            }
        }
        else
        {
            foreach (var reference in variable.ContainingType.DeclaringSyntaxReferences)
            {
                yield return reference.GetSyntax();
            }
        }
    }

    /// <summary>What the variables of a declaration are given, by name: found in one pass over it.</summary>
    private sealed class NamedHandles
    {
        public NamedHandles(SyntaxNode scope)
        {
            foreach (var node in scope.DescendantNodes())
            {
                var (name, value) = node switch
                {
                    AssignmentExpressionSyntax assignment => (Syntaxes.NameOf(
                        assignment.Left is ElementAccessExpressionSyntax element ? element.Expression : assignment.Left), assignment.Right),
                    VariableDeclaratorSyntax declarator => (declarator.Identifier.ValueText, declarator.Initializer?.Value),
                    PropertyDeclarationSyntax property => (property.Identifier.ValueText, property.Initializer?.Value),
                    InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access,
                        ArgumentList.Arguments: { Count: > 0 } arguments } when Vocabulary.IsAdd(access.Name.Identifier.ValueText) =>
                        (Syntaxes.NameOf(access.Expression), arguments[arguments.Count - 1].Expression),
                    _ => default,
                };
                if (node is AssignmentExpressionSyntax { Left: IdentifierNameSyntax left })
                {
                    Assigned.Add(left.Identifier.ValueText);
                }

                if (name is not null && !IsNone(value))
                {
                    (IsWeakAlloc(value!) ? Weak : Others).Add(name);
                }
            }
        }

        public HashSet<string> Weak { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Others { get; } = new(StringComparer.Ordinal);

        /// <summary>The locals, and members without <c>this</c>, that are assigned.</summary>
        public HashSet<string> Assigned { get; } = new(StringComparer.Ordinal);

        private static bool IsNone(ExpressionSyntax? value) => value is null or DefaultExpressionSyntax or LiteralExpressionSyntax
            or BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } }
            or ArrayCreationExpressionSyntax { Initializer: null } || Syntaxes.IsEmptyCollection(value);

        /// <summary>What the value allocates is weak; in a tuple, one part allocates.</summary>
        private static bool IsWeakAlloc(ExpressionSyntax value)
        {
            if (value is TupleExpressionSyntax tuple)
            {
                var made = tuple.Arguments.Where(static part =>
                    part.Expression is InvocationExpressionSyntax call && Syntaxes.NameOf(call.Expression) == "Alloc").ToList();
                return made.Count > 0 && made.TrueForAll(static part => IsWeakAlloc(part.Expression));
            }

            if (value is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } invocation
                || Syntaxes.NameOf(invocation.Expression) != "Alloc")
            {
                return false;
            }

            var kind = arguments[1].ToString();
            return kind.Contains("Weak") && !kind.Contains("Normal") && !kind.Contains("Pinned");
        }
    }
}
