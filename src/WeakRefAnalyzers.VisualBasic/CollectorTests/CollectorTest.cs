using System.Reflection;
using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>
/// Code that wants its target to die, because it watches the collector: tests, factories marked NoInlining, and all of a file that
/// asks for a collection.
/// </summary>
internal static class CollectorTest
{
    public static bool Watches(WeakTarget target, KnownFacts known) => IsWatched(target.Operation, known);

    public static bool Watches(CleanupCallback cleanup, KnownFacts known) => IsWatched(cleanup.Operation, known);

    /// <summary>Whether a type around the code is a test's.</summary>
    public static bool IsTestCode(IOperation code, KnownFacts known)
    {
        for (var around = Around(code); around is not null; around = around.ContainingSymbol)
        {
            if (around is INamedTypeSymbol type && known.Of(type, static type => new Purpose(IsTest(type))).IsTest)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWatched(IOperation code, KnownFacts known) =>
        known.Of(code.Syntax.SyntaxTree, static tree => new Collections(tree)).Any
        || (Around(code) is IMethodSymbol method && method.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining))
        || IsTestCode(code, known);

    private static ISymbol? Around(IOperation code)
    {
        var around = code.SemanticModel?.GetEnclosingSymbol(code.Syntax.SpanStart);
        while (around is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
        {
            around = around.ContainingSymbol;
        }

        return around;
    }

    private static bool IsTest(INamedTypeSymbol type) => type.GetAttributes().Any(IsTest)
        || type.GetMembers().Any(static member => member is IMethodSymbol && member.GetAttributes().Any(IsTest));

    private static bool IsTest(AttributeData attribute) =>
        attribute.AttributeClass is { Name: var name } && Vocabulary.IsOfTests(name);

    private sealed class Purpose(bool isTest)
    {
        public bool IsTest => isTest;
    }

    private sealed class Collections(SyntaxTree tree)
    {
        public bool Any { get; } = tree.GetText().ToString().IndexOf("GC.Collect", StringComparison.OrdinalIgnoreCase) >= 0;
    }
}
