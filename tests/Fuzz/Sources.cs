namespace Fuzz;

internal static class Sources
{
    /// <summary>What is longer costs the compiler's time and shows nothing that a shorter one does not.</summary>
    private const int Longest = 20_000;

    /// <summary>Where the types are that the sources use.</summary>
    private static readonly string[] Assemblies =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable",
        "System.Linq", "System.ObjectModel", "System.ComponentModel.Primitives", "System.Console", "System.Memory", "System.Threading",
        "System.Runtime.InteropServices", "System.Diagnostics.Process", "System.Diagnostics.TraceSource",
        "System.Net.Primitives", "System.Text.RegularExpressions", "netstandard", "WeakRefs",
    ];

    /// <summary>The samples of misuse and the shapes of all rules.</summary>
    public static IReadOnlyList<string> Own() => In(Path.Combine(AppContext.BaseDirectory, "Corpus"));

    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)
            .Where(static text => text.Length <= Longest)];

    public static bool Uses(string assembly) => Assemblies.Contains(Path.GetFileNameWithoutExtension(assembly));
}
