using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers;

/// <summary>
/// One rule, or one pass that decides several: it names its descriptors and subscribes to the role occurrences it
/// judges. A rule holds no state of its own; what it needs per compilation it creates in <see cref="Start"/>.
/// </summary>
internal abstract class Rule(params DiagnosticDescriptor[] descriptors)
{
    internal const string Category = "WeakReferences";

    public IReadOnlyList<DiagnosticDescriptor> Descriptors { get; } = descriptors;

    public abstract void Start(Subscriptions on);

    internal static string HelpLink(string id) => $"{RepositoryFiles.Address}docs/rules/{id}.md";
}
