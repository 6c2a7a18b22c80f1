using System.Collections;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public class SourceFileCollection : List<(string filename, SourceText content)>
{
    public void Add((string filename, string content) file) => Add((file.filename, SourceText.From(file.content, Encoding.UTF8)));
}

/// <summary>Sources; those without a name are called Test0.cs, Test1.cs and so on.</summary>
public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    internal string Prefix { get; } = defaultPrefix;

    internal string Extension { get; } = defaultExtension;

    public void Add(string content) => Add(($"{Prefix}{Count}.{Extension}", content));

    public void Add(SourceText content) => Add(($"{Prefix}{Count}.{Extension}", content));
}

public class MetadataReferenceCollection : List<MetadataReference>
{
    public void Add(Assembly assembly) => Add(MetadataReference.CreateFromFile(assembly.Location));
}

public class ProjectState(string name, string language, string defaultPrefix, string defaultExtension)
{
    public string Name { get; } = name;

    public string Language { get; } = language;

    public string AssemblyName => Name;

    public SourceFileList Sources { get; } = new(defaultPrefix, defaultExtension);

    public SourceFileCollection AdditionalFiles { get; } = [];

    public SourceFileCollection AnalyzerConfigFiles { get; } = [];

    public MetadataReferenceCollection AdditionalReferences { get; } = [];

    /// <summary>Names of the projects that this one references.</summary>
    public List<string> AdditionalProjectReferences { get; } = [];

    public OutputKind? OutputKind { get; set; }

    public DocumentationMode? DocumentationMode { get; set; }

    public ReferenceAssemblies? ReferenceAssemblies { get; set; }

    /// <summary>Takes from <paramref name="other"/> what is empty or unset here.</summary>
    private protected void FillFrom(ProjectState other)
    {
        Fill(Sources, other.Sources);
        Fill(AdditionalFiles, other.AdditionalFiles);
        Fill(AnalyzerConfigFiles, other.AnalyzerConfigFiles);
        Fill(AdditionalReferences, other.AdditionalReferences);
        Fill(AdditionalProjectReferences, other.AdditionalProjectReferences);
        OutputKind ??= other.OutputKind;
        DocumentationMode ??= other.DocumentationMode;
        ReferenceAssemblies ??= other.ReferenceAssemblies;

        static void Fill<T>(List<T> list, List<T> from)
        {
            if (list.Count == 0)
            {
                list.AddRange(from);
            }
        }
    }

    private protected static void Fill(ProjectState project, ProjectState from) => project.FillFrom(from);
}

/// <summary>Projects by name; asking for one that is not there adds it.</summary>
public class ProjectCollection(string language, string extension) : IEnumerable<KeyValuePair<string, ProjectState>>
{
    private readonly SortedDictionary<string, ProjectState> _projects = new(StringComparer.Ordinal);

    public int Count => _projects.Count;

    public ProjectState this[string name]
    {
        get
        {
            if (!_projects.TryGetValue(name, out var project))
            {
                _projects.Add(name, project = new ProjectState(name, language, $"/{name}/Test", extension));
            }

            return project;
        }
    }

    public IEnumerator<KeyValuePair<string, ProjectState>> GetEnumerator() => _projects.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The main project, the projects next to it, and the diagnostics expected of all of them.</summary>
public class SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
    : ProjectState(name, language, defaultPrefix, defaultExtension)
{
    public ProjectCollection AdditionalProjects { get; } = new(language, defaultExtension);

    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    public StateInheritanceMode? InheritanceMode { get; set; }

    public MarkupMode? MarkupHandling { get; set; }

    internal IEnumerable<ProjectState> Projects => AdditionalProjects.Select(p => p.Value).Prepend(this);

    internal bool HasContent => Projects.Any(p => p.Sources.Count + p.AdditionalFiles.Count + p.AnalyzerConfigFiles.Count > 0)
        || ExpectedDiagnostics.Count > 0;

    /// <summary>A copy of this state, completed from the one before it.</summary>
    internal SolutionState Inherit(SolutionState? from, ISet<string> fixableIds)
    {
        var result = new SolutionState(Name, Language, Sources.Prefix, Sources.Extension) { MarkupHandling = MarkupHandling };
        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics);
        Take(this);
        if (from is not null && InheritanceMode != StateInheritanceMode.Explicit)
        {
            // Sources taken over as they are keep the meaning of their markup.
            if (Sources.Count == 0)
            {
                result.MarkupHandling ??= from.MarkupHandling;
            }

            Take(from);
            result.ExpectedDiagnostics.AddRange(from.ExpectedDiagnostics.Where(
                d => InheritanceMode == StateInheritanceMode.AutoInheritAll || !fixableIds.Contains(d.Id)));
        }

        return result;

        void Take(SolutionState state)
        {
            result.FillFrom(state);
            foreach (var (name, project) in state.AdditionalProjects)
            {
                Fill(result.AdditionalProjects[name], project);
            }
        }
    }
}
