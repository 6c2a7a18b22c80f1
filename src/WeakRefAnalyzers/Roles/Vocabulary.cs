using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// What members of other people's types do, told by their names where nothing else tells. Each list says why its
/// entries are on it; a name that is on none means nothing.
/// </summary>
internal static class Vocabulary
{
    /// <summary>Puts its argument into the collection it is called on, which then keeps it: the collections of System.Collections, and whoever named their own after them.</summary>
    public static bool IsAdd(string method) => method is "Add" or "TryAdd" or "AddLast" or "AddFirst" or "Enqueue" or "Push" or "Insert" or "Append";

    /// <summary>Returns a new object that keeps the arguments: the factories of immutable containers, and the pointer of a handle, which leads back to it.</summary>
    public static bool IsWrapping(IMethodSymbol method) => method.Name switch
    {
        "Create" or "FromResult" => method.DeclaringSyntaxReferences.IsEmpty
            && method.ContainingType.Name is "Tuple" or "ValueTuple" or "KeyValuePair" or "Task" or "ImmutableArray" or "ImmutableList",
        "ToIntPtr" => method.ContainingType.Name == "GCHandle",
        _ => false,
    };

    /// <summary>Types of the framework whose constructors keep what they are given. Of other types' constructors nothing is known.</summary>
    public static bool IsContainer(INamedTypeSymbol type) => type is { Name: "Tuple" or "ValueTuple" or "KeyValuePair" or "StrongBox" or "Lazy" };
}
