using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers;

/// <summary>What a place is to a diagnostic that points to it beside its own.</summary>
internal enum Place
{
    /// <summary>The weak read whose value is used.</summary>
    Read,

    /// <summary>The test that the read relies on.</summary>
    Test,

    /// <summary>What keeps the target alive.</summary>
    Cause,

    /// <summary>Where the object, the reference or the registry is made.</summary>
    Creation,

    /// <summary>Where an entry or a field gets another value.</summary>
    Replacement,

    /// <summary>The call that removes, where the diagnostic stands at a call of its method.</summary>
    Removal,

    /// <summary>The call that adds to a collection.</summary>
    Addition,

    /// <summary>What changes a collection.</summary>
    Change,

    /// <summary>The call that registers an object with a cleanup registry.</summary>
    Registration,
}

/// <summary>
/// The places that a rule hands to a fix, by name: a diagnostic carries them as additional locations, and the index of
/// each in its properties. Nothing else counts additional locations.
/// </summary>
internal static class Related
{
    /// <summary>A diagnostic with these places; those that are null are left out.</summary>
    public static Diagnostic Report(DiagnosticDescriptor descriptor, Location where, (Place Place, SyntaxNode? Node)[] places,
        params object?[] arguments) => Report(descriptor, descriptor.DefaultSeverity, where, places, arguments);

    /// <summary>The same, less urgent than the rule is otherwise; who sets the rule's severity sets it for this, too.</summary>
    public static Diagnostic Report(DiagnosticDescriptor descriptor, DiagnosticSeverity severity, Location where,
        (Place Place, SyntaxNode? Node)[] places, params object?[] arguments)
    {
        var locations = ImmutableArray.CreateBuilder<Location>(places.Length);
        var names = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var (place, node) in places)
        {
            if (node is not null)
            {
                names.Add(place.ToString(), locations.Count.ToString());
                locations.Add(node.GetLocation());
            }
        }

        return Diagnostic.Create(descriptor, where, severity, locations, names.ToImmutable(), arguments);
    }

    /// <summary>Where that place is; null where the diagnostic has none of this kind.</summary>
    public static Location? Of(Diagnostic diagnostic, Place place) =>
        diagnostic.Properties.TryGetValue(place.ToString(), out var text) && int.TryParse(text, out var index) && index >= 0
            && index < diagnostic.AdditionalLocations.Count
            ? diagnostic.AdditionalLocations[index] : null;
}
