using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

internal static partial class Members
{
    /// <summary>The uses of this name in the part of a file, in the order of the text; from a place in it on.</summary>
    public static IEnumerable<IdentifierNameSyntax> Named(string name, SyntaxNode scope, KnownFacts known, int from = 0)
    {
        var tree = scope.SyntaxTree;
        if (!known.Of<SyntaxTree, NamesOfFile>(tree, NamesOfFile.Read).At.TryGetValue(name, out var positions))
        {
            yield break;
        }

        var span = scope.Span;
        var root = tree.GetRoot();
        var first = positions.BinarySearch(Math.Max(span.Start, from));
        for (var i = first < 0 ? ~first : first; i < positions.Count && positions[i] < span.End; i++)
        {
            if (root.FindToken(positions[i]).Parent is IdentifierNameSyntax use)
            {
                yield return use;
            }
        }
    }

    /// <summary>The uses of this name in all parts of the type, the types nested in it included.</summary>
    public static IEnumerable<IdentifierNameSyntax> Named(string name, INamedTypeSymbol type, KnownFacts known) =>
        type.DeclaringSyntaxReferences.SelectMany(part => Named(name, part.GetSyntax(), known));

    /// <summary>The uses of the member's name in its type.</summary>
    public static IEnumerable<IdentifierNameSyntax> UsesOf(ISymbol member, KnownFacts known) =>
        Named(member.Name, member.ContainingType, known);

    /// <summary>All that the member's type gives it: its initializer, and what is assigned to it or to another object's.</summary>
    public static IEnumerable<ExpressionSyntax> ValuesOf(ISymbol member, KnownFacts known)
    {
        if (InitializerOf(member) is { } initial)
        {
            yield return initial;
        }

        foreach (var use in UsesOf(member, known))
        {
            if (AssignmentTo(use) is { } assignment)
            {
                yield return assignment.Right;
            }
        }
    }

    /// <summary>What the member's type assigns to it, or to that of another object.</summary>
    public static IEnumerable<ISimpleAssignmentOperation> AssignmentsTo(ISymbol member, Compilation compilation, KnownFacts known) =>
        UsesOf(member, known).Select(AssignmentTo).OfType<AssignmentExpressionSyntax>()
            .Where(static node => Syntaxes.OwnNameOf(node.Left) is not null)
            .Select(node => Operations.Of(compilation, node, default)).OfType<ISimpleAssignmentOperation>();

    /// <summary>What the member's type calls on it.</summary>
    public static IEnumerable<IInvocationOperation> CallsOn(ISymbol member, Compilation compilation, KnownFacts known,
        CancellationToken cancel) => UsesOf(member, known).Select(static name => Syntaxes.CallOn(Syntaxes.Qualified(name)))
            .OfType<InvocationExpressionSyntax>()
            .Select(call => Operations.Of(compilation, call, cancel)).OfType<IInvocationOperation>();

    /// <summary>Whether all that the member is given are objects made without an argument.</summary>
    public static bool IsOnlyMadeWithNothing(ISymbol member, KnownFacts known) =>
        ValuesOf(member, known).ToList() is { Count: > 0 } values && values.TrueForAll(static value =>
            value is BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } });

    /// <summary>Where members of the type use the parameter of its primary constructor.</summary>
    public static IEnumerable<IOperation> CapturesOf(IParameterSymbol parameter, Compilation compilation, KnownFacts known) =>
        Named(parameter.Name, parameter.ContainingType, known)
            .Select(name => Operations.Of(compilation, name, default)).OfType<IParameterReferenceOperation>();

    /// <summary>Whether the declaration is that of a type: of a method, it is a primary constructor's.</summary>
    public static bool IsType(SyntaxNode declaration) => declaration is TypeDeclarationSyntax;

    /// <summary>Whether the property is a field that is declared with a value.</summary>
    public static bool IsInitialized(IPropertySymbol property) => InitializerOf(property) is not null;

    /// <summary>A private field that keeps the value from its declaration or a constructor: readonly but for the word.</summary>
    public static bool IsSetAtBirth(IFieldSymbol field, KnownFacts known)
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, IsStatic: false })
        {
            return false;
        }

        var isSet = InitializerOf(field) is not null;
        foreach (var use in UsesOf(field, known))
        {
            var isWritten = AssignmentTo(use) is not null
                || Syntaxes.Qualified(use).Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or RefExpressionSyntax;
            if (isWritten && Syntaxes.FunctionOf(use) is not ConstructorDeclarationSyntax)
            {
                return false;
            }

            isSet |= isWritten;
        }

        return isSet;
    }

    /// <summary>The value that the field or property is declared with.</summary>
    public static ExpressionSyntax? InitializerOf(ISymbol member) =>
        member.DeclaringSyntaxReferences.Length == 0 ? null : member.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        VariableDeclaratorSyntax variable => variable.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        _ => null,
    };

    /// <summary>The assignment that gives the named member a value.</summary>
    public static AssignmentExpressionSyntax? AssignmentTo(IdentifierNameSyntax name) =>
        Syntaxes.Qualified(name) is var target && target.Parent is AssignmentExpressionSyntax assignment && assignment.Left == target
            ? assignment : null;

    /// <summary>The field that a property only returns; any other member as it is.</summary>
    public static ISymbol Behind(ISymbol member) =>
        member is IPropertySymbol property && Syntaxes.OwnNameOf(ReturnedBy(property)) is { } name
        && property.ContainingType.GetMembers(name).FirstOrDefault() is IFieldSymbol field ? field : member;

    /// <summary>What a property returns that does nothing else.</summary>
    public static ExpressionSyntax? ReturnedBy(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.IsEmpty
            || property.DeclaringSyntaxReferences[0].GetSyntax() is not PropertyDeclarationSyntax syntax)
        {
            return null;
        }

        var getter = syntax.AccessorList?.Accessors.FirstOrDefault(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        return syntax.ExpressionBody?.Expression ?? getter?.ExpressionBody?.Expression
            ?? (getter?.Body?.Statements is { Count: 1 } statements ? (statements[0] as ReturnStatementSyntax)?.Expression : null);
    }

    /// <summary>Where each name of a file stands.</summary>
    private sealed class NamesOfFile
    {
        public Dictionary<string, List<int>> At { get; } = new(StringComparer.Ordinal);

        public static NamesOfFile Read(SyntaxTree tree)
        {
            var names = new NamesOfFile();
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is IdentifierNameSyntax { Identifier: { ValueText: { Length: > 0 } name, SpanStart: var start } })
                {
                    if (!names.At.TryGetValue(name, out var positions))
                    {
                        names.At.Add(name, positions = []);
                    }

                    positions.Add(start);
                }
            }

            return names;
        }
    }
}
