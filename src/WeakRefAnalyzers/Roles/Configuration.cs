using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// What options of .editorconfig files and global configurations say of types and members that one cannot annotate. What any file of the
/// project is told holds for all of it: a role that holds for half of a project is none.
/// </summary>
internal sealed class Configuration
{
    /// <summary>What the names of all options begin with.</summary>
    public const string Prefix = "weakref_analyzers.";

    /// <summary>The only option that is a switch: <c>true</c> or <c>false</c>.</summary>
    public const string GeneratedCode = Prefix + "analyze_generated_code";

    private const string References = Prefix + "reference_types";
    private const string Registries = Prefix + "registry_types";

    /// <summary>The options that give members a role, and the attribute that would.</summary>
    private static readonly (string Option, string Role)[] MemberOptions =
    [
        (Prefix + "weak_read", "WeakReadAttribute"),
        (Prefix + "liveness_probe", "LivenessProbeAttribute"),
        (Prefix + "weak_target", "WeakTargetAttribute"),
        (Prefix + "held_value", "HeldValueAttribute"),
        (Prefix + "cleanup_callback", "CleanupCallbackAttribute"),
        (Prefix + "unregister_token", "UnregisterTokenAttribute"),
    ];

    private readonly Compilation _compilation;
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    private Configuration(Compilation compilation) => _compilation = compilation;

    /// <summary>All options there are.</summary>
    public static IReadOnlyList<string> Options { get; } =
        [References, Registries, GeneratedCode, .. MemberOptions.Select(static member => member.Option)];

    /// <summary>Nothing has a role that would have none otherwise.</summary>
    public bool IsEmpty => _values.Count == (_values.ContainsKey(GeneratedCode) ? 1 : 0);

    /// <summary>Whether what no person wrote is analyzed, too.</summary>
    public bool AnalyzesGeneratedCode => _values.TryGetValue(GeneratedCode, out var values)
        && values.Exists(static value => bool.TryParse(value, out var isOn) && isOn);

    /// <summary>Each value that each option has anywhere.</summary>
    public IEnumerable<(string Option, string Value)> Values =>
        _values.SelectMany(static option => option.Value.Select(value => (option.Key, value)));

    /// <summary>
    /// Asks the files of each folder, or all files where the build hands over a configuration that may have sections for single ones: to
    /// ask thousands costs more than most rules.
    /// </summary>
    public static Configuration Of(Compilation compilation, AnalyzerOptions options)
    {
        var provider = options.AnalyzerConfigOptionsProvider;
        var configuration = new Configuration(compilation);
        configuration.Read(provider.GlobalOptions);
        var all = options.AdditionalFiles.Any(static file => MayConfigure(file));
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees)
        {
            var end = tree.FilePath.LastIndexOfAny(['/', '\\']);
            if (all || folders.Add(end < 0 ? "" : tree.FilePath.Substring(0, end)))
            {
                configuration.Read(provider.GetOptions(tree));
            }
        }

        return configuration;
    }

    /// <summary>Whether it is called like a configuration file.</summary>
    public static bool MayConfigure(AdditionalText file) => file.Path.EndsWith("config", StringComparison.OrdinalIgnoreCase);

    public static string? RoleOf(string option) =>
        Array.Find(MemberOptions, member => member.Option == option).Role;

    /// <summary>The types that the option for references, or that for registries, names.</summary>
    public IEnumerable<INamedTypeSymbol> Types(bool ofRegistries) => Names(ofRegistries ? Registries : References)
        .SelectMany(name => SpelledName.Types(_compilation, name));

    /// <summary>The members and parameters that options give a role.</summary>
    public Dictionary<ISymbol, string> Roles()
    {
        var roles = new Dictionary<ISymbol, string>(SymbolEqualityComparer.Default);
        foreach (var (option, role) in MemberOptions)
        {
            foreach (var name in Names(option))
            {
                var spelled = SpelledMember.Parse(name);
                foreach (var member in spelled.In(_compilation))
                {
                    if (spelled.PlaceOf(role, member) is { } place)
                    {
                        roles[place.OriginalDefinition] = role;
                    }
                }
            }
        }

        return roles;
    }

    /// <summary>
    /// Not GetTypeByMetadataName: two copies of a type (attributes pasted into several assemblies) are no reason to find none.
    /// </summary>
    public static INamedTypeSymbol? First(Compilation compilation, string metadataName) =>
        compilation.GetTypesByMetadataName(metadataName).FirstOrDefault();

    private IEnumerable<string> Names(string option) => _values.TryGetValue(option, out var values)
        ? values.SelectMany(static value => SpelledName.Split(value).Select(part => value.Substring(part.Start, part.Length))).Distinct()
        : [];

    /// <summary>The files of a folder have one and the same text for a value: it is compared only where it may be another.</summary>
    private void Read(AnalyzerConfigOptions options)
    {
        foreach (var option in Options)
        {
            if (options.TryGetValue(option, out var value))
            {
                if (!_values.TryGetValue(option, out var values))
                {
                    _values.Add(option, [value]);
                }
                else if (!values.Exists(known => ReferenceEquals(known, value)) && !values.Contains(value))
                {
                    values.Add(value);
                }
            }
        }
    }
}
