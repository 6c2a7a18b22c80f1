using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

/// <summary>
/// One rule, or one pass that decides several: it names its descriptors and subscribes to the role occurrences it
/// judges. A rule holds no state of its own; what it needs per compilation it creates in <see cref="Start"/>.
/// </summary>
internal abstract class Rule(params DiagnosticDescriptor[] descriptors)
{
    internal const string Category = "WeakReferences";

    public IReadOnlyList<DiagnosticDescriptor> Descriptors { get; } = descriptors;

    /// <summary>Where the code mentions none of this, the rule has nothing to say and is not started.</summary>
    public virtual Mention Needs => Mention.WeakType | Mention.WeakRead;

    /// <summary>Nor where it does not mention all of this.</summary>
    public virtual Mention NeedsAll => Mention.None;

    public abstract void Start(Subscriptions on);

    /// <summary>Somebody may want to hear of it; a rule whose ids are all switched off need not look.</summary>
    public bool IsOn(Compilation compilation, CancellationToken cancel)
    {
        foreach (var descriptor in Descriptors)
        {
            if (!IsOff(descriptor.Id, compilation, cancel))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Switched off for every file, by whatever speaks of it.</summary>
    private static bool IsOff(string id, Compilation compilation, CancellationToken cancel)
    {
        var forAll = compilation.Options.SpecificDiagnosticOptions.TryGetValue(id, out var severity) ? severity : (ReportDiagnostic?)null;
        if (forAll is not null and not ReportDiagnostic.Suppress)
        {
            return false;
        }

        var configured = compilation.Options.SyntaxTreeOptionsProvider;
        foreach (var tree in compilation.SyntaxTrees)
        {
            var isConfigured = configured is not null
                && (configured.TryGetDiagnosticValue(tree, id, cancel, out severity)
                    || configured.TryGetGlobalDiagnosticValue(id, cancel, out severity));
            var ofTree = isConfigured ? severity : forAll;
            if (ofTree != ReportDiagnostic.Suppress)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What a viewer of SARIF files groups and filters by.</summary>
    internal static string[] Tags(string id) =>
    [
        "reliability",
        id[4] switch
        {
            '0' => "configuration",
            '1' or '2' => "weak-reference",
            '3' => "memory-leak",
            '4' => "cleanup-registry",
            '5' => "finalizer",
            '6' => "weak-collection",
            '7' => "weak-handle",
            _ => "collector-test",
        },
    ];

    internal static string HelpLink(string id) => $"{RepositoryFiles.Address}docs/rules/{id}.md";
}

/// <summary>A rule about the configuration: it looks at no code.</summary>
internal abstract class ConfigurationRule(params DiagnosticDescriptor[] descriptors) : Rule(descriptors)
{
    public sealed override Mention Needs => Mention.None;

    public sealed override void Start(Subscriptions on)
    {
    }

    public abstract void Start(CompilationStartAnalysisContext start, Configuration configuration);
}
