namespace Fuzz;

internal static class Sources
{
    /// <summary>The samples of misuse and the shapes of all rules.</summary>
    public static IReadOnlyList<string> Own() => In(Path.Combine(AppContext.BaseDirectory, "Corpus"));

    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
}
