using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// The role attributes of members and parameters, matched by full name, so that users can copy the attributes, and the roles that the
/// configuration gives to what cannot be annotated. Most symbols belong to assemblies that cannot have any; those are told first.
/// </summary>
internal sealed class Annotations
{
    /// <summary>The names of the attributes: one of them stands in the file that uses it.</summary>
    private static readonly string[] Words = ["WeakTarget", "WeakRead", "LivenessProbe", "HeldValue", "CleanupCallback", "UnregisterToken"];

    private readonly Compilation _compilation;
    private readonly Dictionary<ISymbol, string> _configured;
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _assemblies = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, string?> _known = new(SymbolEqualityComparer.Default);

    // The assembly that was asked for last and has none: two threads may both set it, to one as good as the other.
    private IAssemblySymbol? _without;

    public Annotations(Compilation compilation, INamespaceSymbol? ours, Dictionary<ISymbol, string> configured)
    {
        _compilation = compilation;
        _configured = configured;
        Any = configured.Count > 0 || ours?.GetMembers("Annotations").Any() == true;
    }

    /// <summary>The compilation has the attributes, or a configuration that does their work.</summary>
    public bool Any { get; }

    /// <summary>Whether the assembly of the symbol may have annotations.</summary>
    public bool MayBeOn(ISymbol symbol)
    {
        if (!Any || symbol.ContainingAssembly is not { } assembly || ReferenceEquals(assembly, _without))
        {
            return false;
        }

        if (!_assemblies.TryGetValue(assembly, out var may))
        {
            may = MayUse(assembly);
            _assemblies.TryAdd(assembly, may);
        }

        _without = may ? _without : assembly;
        return may;
    }

    /// <summary>The name of the role attribute on the symbol.</summary>
    public string? Of(ISymbol symbol)
    {
        if (!MayBeOn(symbol))
        {
            return null;
        }

        var definition = symbol.OriginalDefinition;
        if (!_known.TryGetValue(definition, out var name))
        {
            name = _configured.TryGetValue(definition, out var role) ? role : Find(definition);
            _known.TryAdd(definition, name);
        }

        return name;
    }

    /// <summary>Adds the names of the members of compiled assemblies, and of any in the configuration, that are said to be reads.</summary>
    public void AddReadNames(HashSet<string> names, KnownFacts known)
    {
        foreach (var entry in _configured)
        {
            if (Vocabulary.IsReadingRole(entry.Value))
            {
                names.Add(entry.Key is IParameterSymbol parameter ? parameter.ContainingSymbol.Name : entry.Key.Name);
            }
        }

        foreach (var assembly in _compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly is not ISourceAssemblySymbol && MayBeOn(assembly.GlobalNamespace))
            {
                names.UnionWith(known.Of(assembly, static assembly => new ReadNames(assembly)).All);
            }
        }
    }

    private static string? Find(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { ContainingNamespace: var space } type && IsOurs(space))
            {
                return type.Name;
            }
        }

        return null;
    }

    private static bool IsOurs(INamespaceSymbol? space) =>
        space is { Name: "Annotations", ContainingNamespace: { Name: "WeakRefs", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>It declares the attributes, or refers to an assembly that does; of source, a file names one. Or an option does.</summary>
    private bool MayUse(IAssemblySymbol assembly)
    {
        if (_configured.Keys.Any(symbol => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, assembly)))
        {
            return true;
        }

        if (SymbolEqualityComparer.Default.Equals(assembly, _compilation.Assembly))
        {
            return _compilation.SyntaxTrees.Any(static tree =>
                tree.GetText().ToString() is var text && Words.Any(word => text.IndexOf(word, StringComparison.Ordinal) >= 0));
        }

        return Declares(assembly) || assembly.Modules.Any(static module => module.ReferencedAssemblySymbols.Any(Declares));
    }

    private static bool Declares(IAssemblySymbol assembly) =>
        assembly.GlobalNamespace.GetMembers("WeakRefs").OfType<INamespaceSymbol>().Any(static space =>
            space.GetMembers("Annotations").Any());

    /// <summary>The names of the annotated reads of an assembly.</summary>
    private sealed class ReadNames
    {
        public ReadNames(IAssemblySymbol assembly) => Add(assembly.GlobalNamespace);

        public HashSet<string> All { get; } = new(StringComparer.Ordinal);

        private void Add(INamespaceOrTypeSymbol container)
        {
            foreach (var member in container.GetMembers())
            {
                switch (member)
                {
                    case INamespaceOrTypeSymbol inner: Add(inner); break;
                    case IPropertySymbol when IsRead(member): All.Add(member.Name); break;
                    case IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                        when IsRead(member) || method.Parameters.Any(static parameter =>
                            parameter.RefKind == RefKind.Out && IsRead(parameter)):
                        All.Add(member.Name);
                        break;
                }
            }
        }

        private static bool IsRead(ISymbol symbol) => Find(symbol) is { } role && Vocabulary.IsReadingRole(role);
    }
}
