using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Runs analyzers over the test state and compares what they and the compiler report with what is expected.</summary>
public abstract class AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected AnalyzerTest()
        => TestState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    public abstract string Language { get; }

    protected abstract string DefaultFileExt { get; }

    protected virtual string DefaultFilePathPrefix => "/0/Test";

    protected virtual string DefaultTestProjectName => "TestProject";

    protected virtual string DefaultFilePath => $"{DefaultFilePathPrefix}0.{DefaultFileExt}";

    public string TestCode
    {
        set => TestState.Sources.Add(value);
    }

    public SolutionState TestState { get; }

    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;

    public ReferenceAssemblies ReferenceAssemblies { get; set; } = ReferenceAssemblies.Default;

    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;

    public List<string> DisabledDiagnostics { get; } = [];

    public MarkupOptions MarkupOptions { get; set; }

    public TestBehaviors TestBehaviors { get; set; }

    public List<Func<Solution, ProjectId, Solution>> SolutionTransforms { get; } = [];

    /// <summary>One more look at each pair of a reported and an expected diagnostic.</summary>
    public Action<Diagnostic, DiagnosticResult, IVerifier>? DiagnosticVerifier { get; set; }

    private protected ImmutableArray<DiagnosticAnalyzer> Analyzers { get; private set; }

    protected abstract IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers();

    protected abstract CompilationOptions CreateCompilationOptions();

    protected abstract ParseOptions CreateParseOptions();

    /// <summary>What <c>[|…|]</c> stands for.</summary>
    protected internal virtual DiagnosticDescriptor? GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers)
    {
        var descriptors = analyzers.SelectMany(a => a.SupportedDiagnostics).Distinct().ToArray();
        return descriptors.Length == 1 || MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor) ? descriptors.FirstOrDefault() : null;
    }

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var verifier = new TVerifier();
        Analyzers = [.. GetDiagnosticAnalyzers()];
        foreach (var analyzer in Analyzers)
        {
            var fault = AnalyzerChecks.FaultOf(analyzer);
            verifier.True(fault is null, fault);
        }

        await RunImplAsync(verifier, cancellationToken).ConfigureAwait(false);
    }

    private protected virtual async Task RunImplAsync(IVerifier verifier, CancellationToken cancellationToken)
    {
        var state = Resolve(TestState.Inherit(null, ImmutableHashSet<string>.Empty), ImmutableHashSet<string>.Empty, MarkupMode.Allow, verifier);
        await VerifyDiagnosticsAsync(state, verifier.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces markup by what it declares; the result holds none.</summary>
    private protected SolutionState Resolve(SolutionState state, ISet<string> fixableIds, MarkupMode defaultMode, IVerifier verifier)
    {
        state.MarkupHandling ??= defaultMode;
        var expected = state.ExpectedDiagnostics;
        var keys = new Dictionary<string, FileLinePositionSpan>();
        foreach (var sources in state.Projects.Select(p => p.Sources).Where(_ => state.MarkupHandling != MarkupMode.None))
        {
            for (var i = 0; i < sources.Count; i++)
            {
                var (path, content) = sources[i];
                var markup = Markup.Parse(content.ToString(), MarkupOptions.HasFlag(MarkupOptions.TreatPositionIndicatorsAsCode));
                var text = SourceText.From(markup.Text, content.Encoding, content.ChecksumAlgorithm);
                sources[i] = (path, text);
                foreach (var (name, span) in markup.Spans)
                {
                    var lines = new FileLinePositionSpan(path, text.Lines.GetLinePositionSpan(span));
                    if (name.StartsWith('#'))
                    {
                        verifier.True(keys.TryAdd(name, lines), $"Markup: '{name}' is used twice.");
                    }
                    else if (Declared(name) is { } result)
                    {
                        expected.Add(result.WithSpan(lines));
                    }
                }

                foreach (var position in markup.Positions)
                {
                    if (Declared("") is { } result)
                    {
                        expected.Add(result.WithLocation(path, text.Lines.GetLinePosition(position)));
                    }
                }
            }
        }

        for (var i = 0; i < expected.Count; i++)
        {
            expected[i] = expected[i].WithDefaultPath(DefaultFilePath).MapSpans(location =>
            {
                if (!location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
                {
                    return location;
                }

                verifier.True(
                    keys.TryGetValue($"#{location.Span.StartLinePosition.Line}", out var span),
                    $"Markup: there is no '#{location.Span.StartLinePosition.Line}', which an expected {expected[i].Id} names.");
                return new(span, location.Options & ~DiagnosticLocationOptions.InterpretAsMarkupKey);
            });
        }

        return state;

        // The weak form: id and span only.
        DiagnosticResult? Declared(string id)
        {
            if (state.MarkupHandling == MarkupMode.Ignore)
            {
                return null;
            }

            var fitting = Analyzers.SelectMany(a => a.SupportedDiagnostics).Where(d => d.Id == id).Distinct().ToArray();
            verifier.True(
                fitting.Length < 2 || MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor),
                $"Markup: several descriptors have the id '{id}'.");
            var descriptor = id.Length == 0 ? GetDefaultDiagnostic([.. Analyzers]) : fitting.FirstOrDefault();
            verifier.True(id.Length > 0 || descriptor is not null, "Markup: '[|' needs an analyzer with exactly one descriptor.");
            var result = descriptor is null ? DiagnosticResult.CompilerError(id) : new DiagnosticResult(descriptor);
            return state.MarkupHandling == MarkupMode.IgnoreFixable && fixableIds.Contains(result.Id)
                ? null
                : result.WithMessage(null).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations | DiagnosticOptions.IgnoreSeverity);
        }
    }

    private protected async Task<Snapshot> VerifyDiagnosticsAsync(SolutionState state, IVerifier verifier, CancellationToken cancellationToken)
    {
        verifier.True(state.Sources.Count > 0, "There are no sources.");
        var solution = await CreateSolutionAsync(state, cancellationToken).ConfigureAwait(false);
        var snapshot = await AnalyzeAsync(solution, Analyzers, cancellationToken).ConfigureAwait(false);
        Match(state.ExpectedDiagnostics, snapshot.Diagnostics.Where(IsIncluded), verifier);

        var ours = Analyzers.SelectMany(a => a.SupportedDiagnostics).ToLookup(d => d.Id);
        var reported = state.ExpectedDiagnostics.Where(d => ours.Contains(d.Id) && d.IsSuppressed is not true).ToArray();
        if (reported.Length > 0 && !TestBehaviors.HasFlag(TestBehaviors.SkipGeneratedCodeCheck))
        {
            await VerifyGeneratedCodeAsync(solution, verifier.PushContext("As generated code"), cancellationToken).ConfigureAwait(false);
        }

        var paths = state.Projects.SelectMany(p => p.Sources).Select(s => s.filename).ToHashSet();
        var suppressible = reported.Where(d => d.HasLocation && paths.Contains(d.Spans[0].Span.Path)
            && ours[d.Id].All(o => !o.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable))).Select(d => d.Id).ToHashSet();
        if (suppressible.Count > 0 && !TestBehaviors.HasFlag(TestBehaviors.SkipSuppressionCheck))
        {
            var pragma = $"#pragma warning disable {string.Join(", ", suppressible.Order(StringComparer.Ordinal))}";
            var suppressed = await AnalyzeAsync(Prepend(solution, pragma, cancellationToken), Analyzers, cancellationToken).ConfigureAwait(false);
            var remaining = state.ExpectedDiagnostics
                .Where(d => !suppressible.Contains(d.Id) || !d.HasLocation || !paths.Contains(d.Spans[0].Span.Path))
                .Select(d => d.MapSpans(l => paths.Contains(l.Span.Path) ? l with { Span = NextLine(l.Span) } : l));
            Match(
                remaining.Where(d => d.IsSuppressed is not true),
                suppressed.Diagnostics.Where(d => IsIncluded(d) && !d.IsSuppressed),
                verifier.PushContext($"Suppressed with {pragma}"));
        }

        return snapshot;

        static FileLinePositionSpan NextLine(FileLinePositionSpan span) => new(
            span.Path,
            new LinePosition(span.StartLinePosition.Line + 1, span.StartLinePosition.Character),
            new LinePosition(span.EndLinePosition.Line + 1, span.EndLinePosition.Character));
    }

    /// <summary>An analyzer that does not say what it does with generated code must leave it alone.</summary>
    private async Task VerifyGeneratedCodeAsync(Solution solution, IVerifier verifier, CancellationToken cancellationToken)
    {
        var silent = Analyzers.Where(a => !AnalyzerChecks.ConfiguresGeneratedCode(a)).ToImmutableArray();
        if (!silent.IsEmpty)
        {
            var generated = Prepend(solution, "// <auto-generated>", cancellationToken);
            var snapshot = await AnalyzeAsync(generated, silent, cancellationToken).ConfigureAwait(false);
            Match([], snapshot.Diagnostics.Where(d => !IsCompiler(d)), verifier);
        }
    }

    private static Solution Prepend(Solution solution, string line, CancellationToken cancellationToken)
    {
        foreach (var document in solution.Projects.SelectMany(p => p.Documents))
        {
            var text = document.GetTextAsync(cancellationToken).GetAwaiter().GetResult();
            solution = solution.WithDocumentText(document.Id, text.Replace(0, 0, line + "\r\n"));
        }

        return solution;
    }

    private protected Task<Snapshot> AnalyzeAsync(Solution solution, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellationToken)
        => Snapshot.CreateAsync(solution, analyzers, ExpectedDiagnostics.Any(d => d.IsSuppressed is not null), cancellationToken);

    private bool IsIncluded(Diagnostic diagnostic)
        => !IsCompiler(diagnostic) || CompilerDiagnostics switch
        {
            CompilerDiagnostics.None => false,
            CompilerDiagnostics.Errors => diagnostic.Severity == DiagnosticSeverity.Error,
            CompilerDiagnostics.Warnings => diagnostic.Severity >= DiagnosticSeverity.Warning,
            CompilerDiagnostics.Suggestions => diagnostic.Severity >= DiagnosticSeverity.Info,
            _ => true,
        };

    private static bool IsCompiler(Diagnostic diagnostic) => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);

    private void Match(IEnumerable<DiagnosticResult> expectedDiagnostics, IEnumerable<Diagnostic> actualDiagnostics, IVerifier verifier)
    {
        var expected = expectedDiagnostics.ToArray();
        var actual = actualDiagnostics.ToArray();

        // A greedy choice could give a loosely expected diagnostic the only one that fits a strict one: augment instead.
        var partner = new int[actual.Length];
        Array.Fill(partner, -1);
        var missing = Enumerable.Range(0, expected.Length).Where(e => !TryPair(e, new bool[actual.Length])).ToArray();
        var extra = Enumerable.Range(0, actual.Length).Where(a => partner[a] < 0).ToArray();
        if (missing.Length + extra.Length > 0)
        {
            var text = new StringBuilder($"Expected {expected.Length} diagnostic(s), got {actual.Length}.").AppendLine();
            List("Expected but not reported", missing.Select(e => expected[e].ToString()));
            List("Reported but not expected", extra.Select(a => DiagnosticResult.Describe(actual[a])));
            List("All that was reported", actual.Select(DiagnosticResult.Describe));
            verifier.Fail(text.ToString());

            void List(string title, IEnumerable<string> lines)
                => text.AppendLine().Append(title).AppendLine(":").AppendLine(string.Join(Environment.NewLine, lines.DefaultIfEmpty("(none)")));
        }

        for (var a = 0; a < actual.Length; a++)
        {
            DiagnosticVerifier?.Invoke(actual[a], expected[partner[a]], verifier);
        }

        bool TryPair(int e, bool[] tried)
        {
            for (var a = 0; a < actual.Length; a++)
            {
                if (!tried[a] && expected[e].Matches(actual[a]))
                {
                    tried[a] = true;
                    if (partner[a] < 0 || TryPair(partner[a], tried))
                    {
                        partner[a] = e;
                        return true;
                    }
                }
            }

            return false;
        }
    }

    private async Task<Solution> CreateSolutionAsync(SolutionState state, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, ProjectId>();
        var (solution, main) = await Template.GetAsync(Describe(state), cancellationToken).ConfigureAwait(false);
        foreach (var project in state.Projects)
        {
            var id = main;
            if (project != state)
            {
                var info = Describe(project);
                solution = solution.AddProject(info);
                id = info.Id;
            }

            ids.Add(project.Name, id);
            solution = solution.AddMetadataReferences(id, project.AdditionalReferences);
            foreach (var (path, text) in project.Sources)
            {
                var (name, folders) = Split(path);
                solution = solution.AddDocument(DocumentId.CreateNewId(id), name, text, folders, path);
            }

            foreach (var (path, text) in project.AdditionalFiles)
            {
                var (name, folders) = Split(path);
                solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id), name, text, folders, path);
            }

            foreach (var (path, text) in project.AnalyzerConfigFiles)
            {
                var (name, folders) = Split(path);
                solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(id), name, text, folders, path);
            }
        }

        foreach (var project in state.Projects)
        {
            foreach (var reference in project.AdditionalProjectReferences)
            {
                solution = solution.AddProjectReference(ids[project.Name], new ProjectReference(ids[reference]));
            }
        }

        foreach (var transform in SolutionTransforms)
        {
            solution = ids.Values.Aggregate(solution, transform);
        }

        return solution;

        static (string Name, string[] Folders) Split(string path)
        {
            var parts = path.Split('/', '\\');
            return (parts[^1], [.. parts[..^1].Where(p => p.Length > 0)]);
        }
    }

    private ProjectInfo Describe(ProjectState project)
    {
        var options = CreateCompilationOptions();
        var severities = options.SpecificDiagnosticOptions.SetItem("AD0001", ReportDiagnostic.Error);
        foreach (var descriptor in Analyzers.SelectMany(a => a.SupportedDiagnostics).Where(d => !d.IsEnabledByDefault))
        {
            severities = severities.SetItem(descriptor.Id, descriptor.DefaultSeverity switch
            {
                DiagnosticSeverity.Error => ReportDiagnostic.Error,
                DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
                DiagnosticSeverity.Info => ReportDiagnostic.Info,
                _ => ReportDiagnostic.Hidden,
            });
        }

        severities = severities.SetItems(DisabledDiagnostics.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)));
        var parseOptions = CreateParseOptions();
        return ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            project.Name,
            project.AssemblyName,
            Language,
            compilationOptions: options.WithSpecificDiagnosticOptions(severities).WithOutputKind(project.OutputKind ?? options.OutputKind),
            parseOptions: parseOptions.WithDocumentationMode(project.DocumentationMode ?? parseOptions.DocumentationMode),
            metadataReferences: (project.ReferenceAssemblies ?? ReferenceAssemblies).References);
    }
}

/// <summary>
/// Solutions with one empty project, compiled once: whatever is forked off one shares its bound references, which cost
/// more than all the rest of a test.
/// </summary>
internal static class Template
{
    private static readonly AdhocWorkspace s_workspace = new(MefHostServices.DefaultHost);
    private static readonly ConcurrentDictionary<object, Solution> s_solutions = new();

    public static async Task<(Solution Solution, ProjectId Project)> GetAsync(ProjectInfo info, CancellationToken cancellationToken)
    {
        // The first reference stands for its set: each set exists once.
        var key = (info.Name, info.CompilationOptions, info.ParseOptions, info.MetadataReferences[0]);
        if (!s_solutions.TryGetValue(key, out var solution))
        {
            solution = s_workspace.CurrentSolution.AddProject(info);
            var compilation = await solution.Projects.Single().GetCompilationAsync(cancellationToken).ConfigureAwait(false);
            _ = compilation!.GetSpecialType(SpecialType.System_Object);
            solution = s_solutions.GetOrAdd(key, solution);
        }

        return (solution, solution.ProjectIds[0]);
    }
}
