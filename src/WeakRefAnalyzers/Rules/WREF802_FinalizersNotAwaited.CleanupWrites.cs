using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Finds the finalizer or cleanup callback that writes a variable. One instance serves one compilation.</summary>
internal sealed class CleanupWrites(Compilation compilation, RoleTable roles, KnownFacts known)
{
    private readonly ConcurrentDictionary<SyntaxTree, HashSet<string>> _names = new();

    /// <summary>
    /// Names that the file's finalizable types, or lambdas it passes on, write: read once, so that most names need no symbol.
    /// </summary>
    public HashSet<string> NamesIn(SyntaxTree tree, CancellationToken cancel)
    {
        if (!_names.TryGetValue(tree, out var names))
        {
            names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var node in tree.GetRoot(cancel).DescendantNodes())
            {
                if (node is IdentifierNameSyntax name && IsWritten(name) && name.FirstAncestorOrSelf<SyntaxNode>(RunsLateMaybe) is not null)
                {
                    names.Add(name.Identifier.ValueText);
                }
            }

            _names.TryAdd(tree, names);
        }

        return names;
    }

    /// <summary>A write of the local, field or property that runs after some object died; null where there is none in sight.</summary>
    public LateWrite? Of(ISymbol variable, SyntaxNode from, CancellationToken cancel)
    {
        var roots = variable is ILocalSymbol or IParameterSymbol
            ? new[] { from.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? from.SyntaxTree.GetRoot(cancel) }
            : variable.DeclaringSyntaxReferences.Select(reference =>
                reference.SyntaxTree).Concat([from.SyntaxTree]).Distinct().Where(tree =>
                NamesIn(tree, cancel).Contains(variable.Name)).Select(tree => tree.GetRoot(cancel)).ToArray();
        foreach (var root in roots)
        {
            foreach (var node in root.DescendantNodes())
            {
                var write = node switch
                {
                    DestructorDeclarationSyntax finalizer when WriteIn(finalizer, variable, cancel) is { } found =>
                        new LateWrite(found, ByRegistry: false),
                    AnonymousFunctionExpressionSyntax function when WriteIn(function, variable, cancel) is { } found
                        && RunsLate(function, cancel) is { } byRegistry =>
                        new LateWrite(found, byRegistry),
                    _ => null,
                };
                if (write is not null)
                {
                    return write;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The function is a registry's callback (true where the registry is ours, whose callbacks run behind the finalizers), or
    /// is given to an
    /// object that has a finalizer to call it; null for any other function.
    /// </summary>
    private bool? RunsLate(AnonymousFunctionExpressionSyntax function, CancellationToken cancel) =>
        function.Parent is not ArgumentSyntax { Parent.Parent: ExpressionSyntax taker }
            ? null : Operations.Of(compilation, taker, cancel) switch
        {
            IObjectCreationOperation creation when roles.CleanupOf(creation) is { } cleanup =>
                cleanup.Callback.Syntax.Span.Contains(function.Span)
                    ? creation.Type is { Name: "FinalizationRegistry", ContainingNamespace.Name: "WeakRefs" } : null,
            IObjectCreationOperation creation => HasFinalizer(creation.Type) ? false : null,
            IInvocationOperation invocation =>
                roles.CleanupOf(invocation) is { } cleanup && cleanup.Callback.Syntax.Span.Contains(function.Span) ? false : null,
            _ => null,
        };

    private static bool RunsLateMaybe(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax }
            || (node is TypeDeclarationSyntax type && type.Members.Any(member => member is DestructorDeclarationSyntax));

    private static bool HasFinalizer(ITypeSymbol? type)
    {
        for (; type is { SpecialType: SpecialType.None }; type = type.BaseType)
        {
            if (!type.DeclaringSyntaxReferences.IsEmpty
                && type.GetMembers(WellKnownMemberNames.DestructorName).Any(member =>
                member is IMethodSymbol { MethodKind: MethodKind.Destructor }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The write in what the finalizer runs, or in the function.</summary>
    private SyntaxNode? WriteIn(SyntaxNode code, ISymbol variable, CancellationToken cancel)
    {
        if (Operations.Of(compilation, code, cancel) is not { SemanticModel: { } model } body)
        {
            return null;
        }

        var run = code is DestructorDeclarationSyntax finalizer
            ? FinalizerReach.Of(finalizer, model, known, cancel)?.Operations.SelectMany(static reached => Inside(reached.Operation))
            : body.Descendants();
        foreach (var operation in run ?? [])
        {
            if (operation is IMemberReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation
                && Operations.Same(Operations.SymbolOf(operation)?.OriginalDefinition, variable) && NameIn(operation.Syntax) is { } name
                    && IsWritten(name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>What a delegate or local function of the finalizer writes counts as well, whoever runs it.</summary>
    private static IEnumerable<IOperation> Inside(IOperation operation) =>
        Operations.IsFunction(operation) ? operation.Descendants() : [operation];

    private static IdentifierNameSyntax? NameIn(SyntaxNode reference) =>
        reference as IdentifierNameSyntax ?? (reference as MemberAccessExpressionSyntax)?.Name as IdentifierNameSyntax;

    private static bool IsWritten(IdentifierNameSyntax name)
    {
        var node = Syntaxes.Qualified(name);
        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == node,
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } =>
                true,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } =>
                true,
            ArgumentSyntax argument => argument.RefKindKeyword.RawKind is (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword,
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called, Parent: InvocationExpressionSyntax } member =>
                Vocabulary.IsAdd(called) && member.Expression == node,
            _ => false,
        };
    }
}

/// <summary>A write that runs after some object died.</summary>
/// <param name="Write">The name that is written.</param>
/// <param name="ByRegistry">By the callback of a registry, which waiting for finalizers does not wait for.</param>
internal sealed record LateWrite(SyntaxNode Write, bool ByRegistry);
