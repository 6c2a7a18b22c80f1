using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// After the diagnostics: applies the fixes one by one, and all at once for a document, a project and the solution; each
/// way must give the fixed text.
/// </summary>
public abstract class CodeFixTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    // Its name and visibility changed between the versions of Roslyn that the tests run on.
    private static readonly PropertyInfo s_nestedActions = new[] { "NestedActions", "NestedCodeActions" }
        .Select(name => typeof(CodeAction).GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        .First(property => property is not null)!;

    // A fix that leads to a text that was analyzed before goes on from there, instead of analyzing it again.
    private readonly List<Snapshot> _known = [];

    protected CodeFixTest()
    {
        FixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
        BatchFixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
    }

    public string FixedCode
    {
        set => FixedState.Sources.Add(value);
    }

    public string BatchFixedCode
    {
        set => BatchFixedState.Sources.Add(value);
    }

    public SolutionState FixedState { get; }

    /// <summary>What FixAll gives, where it differs from <see cref="FixedState"/>.</summary>
    public SolutionState BatchFixedState { get; }

    public int? CodeActionIndex { get; set; }

    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>One more look at each action that is applied.</summary>
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }

    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;

    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    /// <summary>Positive: exactly so many; negative: at most; unset: one per fixable diagnostic at most.</summary>
    public int? NumberOfIncrementalIterations { get; set; }

    public int? NumberOfFixAllIterations { get; set; }

    public int? NumberOfFixAllInDocumentIterations { get; set; }

    public int? NumberOfFixAllInProjectIterations { get; set; }

    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    private protected override async Task RunImplAsync(IVerifier verifier, CancellationToken cancellationToken)
    {
        var providers = GetCodeFixProviders().ToImmutableArray();
        var fixableIds = providers.SelectMany(p => p.FixableDiagnosticIds).ToHashSet();
        var testState = TestState.Inherit(null, fixableIds);
        testState.MarkupHandling ??= MarkupMode.Allow;
        var fixedState = FixedState.Inherit(testState, fixableIds);
        fixedState.MarkupHandling ??= MarkupMode.IgnoreFixable;
        var batchState = BatchFixedState.HasContent ? BatchFixedState.Inherit(fixedState, fixableIds) : null;

        Resolve(testState, fixableIds, MarkupMode.Allow, verifier);
        var test = await VerifyDiagnosticsAsync(testState, verifier.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        _known.Clear();
        _known.Add(test);
        foreach (var provider in providers)
        {
            var fault = AnalyzerChecks.FaultOf(provider);
            verifier.True(fault is null, fault);
        }

        if (!FixedState.HasContent && batchState is null)
        {
            return;
        }

        Resolve(fixedState, fixableIds, MarkupMode.IgnoreFixable, verifier);
        var expected = await VerifyDiagnosticsAsync(fixedState, verifier.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);
        _known.Add(expected);
        var batch = expected;
        if (batchState is not null)
        {
            Resolve(batchState, fixableIds, MarkupMode.IgnoreFixable, verifier);
            batch = await VerifyDiagnosticsAsync(batchState, verifier.PushContext("Diagnostics of batch fixed state"), cancellationToken).ConfigureAwait(false);
            _known.Add(batch);
        }

        // Documents and projects that a FixAll has to visit.
        var fixable = testState.ExpectedDiagnostics.Where(d => fixableIds.Contains(d.Id)).ToArray();
        var paths = fixable.Where(d => d.HasLocation).Select(d => d.Spans[0].Span.Path).ToHashSet();
        var projects = testState.Projects.Count(p => p.Sources.Any(s => paths.Contains(s.filename)));

        var run = new FixRun(this, verifier.PushContext("Fix one by one"), providers, fixableIds, null, cancellationToken);
        await run.VerifyAsync(test, expected, NumberOfIncrementalIterations, fixable.Length).ConfigureAwait(false);
        await FixAll(FixAllScope.Document, CodeFixTestBehaviors.SkipFixAllInDocumentCheck, NumberOfFixAllInDocumentIterations, paths.Count).ConfigureAwait(false);
        await FixAll(FixAllScope.Project, CodeFixTestBehaviors.SkipFixAllInProjectCheck, NumberOfFixAllInProjectIterations, projects).ConfigureAwait(false);
        await FixAll(FixAllScope.Solution, CodeFixTestBehaviors.SkipFixAllInSolutionCheck, null, 1).ConfigureAwait(false);

        async Task FixAll(FixAllScope scope, CodeFixTestBehaviors skip, int? iterations, int atMost)
        {
            if (CodeFixTestBehaviors.HasFlag(skip))
            {
                return;
            }

            var context = verifier.PushContext($"Fix all in {scope.ToString().ToLowerInvariant()}");
            foreach (var provider in providers.Where(p => !p.FixableDiagnosticIds.IsEmpty))
            {
                context.True(
                    provider.GetFixAllProvider()?.GetSupportedFixAllScopes().Contains(scope) == true,
                    $"{provider.GetType().Name} has no FixAllProvider for this scope.");
            }

            var all = new FixRun(this, context, providers, fixableIds, scope, cancellationToken);
            await all.VerifyAsync(test, batch, iterations ?? NumberOfFixAllIterations, atMost).ConfigureAwait(false);
        }
    }

    /// <summary>One way from the test state to the fixed state; without a scope, fix by fix.</summary>
    private sealed class FixRun(
        CodeFixTest<TVerifier> test, IVerifier verifier, ImmutableArray<CodeFixProvider> providers, ISet<string> fixableIds, FixAllScope? scope,
        CancellationToken cancellationToken)
    {
        private string? _roundTripFailure;

        public async Task VerifyAsync(Snapshot start, Snapshot expected, int? iterations, int defaultLimit)
        {
            var unchanged = await expected.HasContentAsync(start.Content, cancellationToken).ConfigureAwait(false);
            var required = iterations ?? (unchanged ? 0 : -defaultLimit);
            var limit = Math.Abs(required);
            var current = start;
            var count = 0;
            Snapshot? next;
            while ((next = await StepAsync(current, refuse: required == 0).ConfigureAwait(false)) is not null && count < limit)
            {
                current = next;
                count++;
            }

            // The text first: it says most about what went wrong.
            await VerifyContentAsync(expected, current).ConfigureAwait(false);
            verifier.True(next is null, $"After {limit} iteration(s), the most that are allowed, there is still a fix that changes something.");
            verifier.True(
                required < -1 || count == limit,
                $"Expected {limit} iteration(s), but there were {count}.");
            verifier.True(_roundTripFailure is null, _roundTripFailure);
        }

        /// <summary>Applies the first fix that changes anything.</summary>
        private async Task<Snapshot?> StepAsync(Snapshot current, bool refuse)
        {
            foreach (var diagnostic in current.Diagnostics.Where(d => fixableIds.Contains(d.Id) && !d.IsSuppressed))
            {
                if (current.Solution.GetDocument(diagnostic.Location.SourceTree) is not { } document)
                {
                    continue;
                }

                if (await ChooseAsync(current, document, diagnostic).ConfigureAwait(false) is not ({ } provider, { } action))
                {
                    continue;
                }

                verifier.False(refuse, $"No fix is expected, but '{action.Title}' is offered for{Environment.NewLine}{DiagnosticResult.Describe(diagnostic)}");
                if (scope is { } all)
                {
                    var ids = provider.FixableDiagnosticIds;
                    var source = new Source(current);
                    var context = new FixAllContext(document, provider, all, action.EquivalenceKey!, ids, source, cancellationToken);
                    action = await provider.GetFixAllProvider()!.GetFixAsync(context).ConfigureAwait(false);
                }

                if (action is not null && await ApplyAsync(current, action).ConfigureAwait(false) is { } next)
                {
                    return next;
                }
            }

            return null;
        }

        private async Task<(CodeFixProvider? Provider, CodeAction? Action)> ChooseAsync(Snapshot current, Document document, Diagnostic diagnostic)
        {
            var actions = new List<(CodeFixProvider Provider, CodeAction Action)>();
            foreach (var provider in providers.Where(p => p.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                var registered = new List<CodeAction>();
                var context = new CodeFixContext(document, diagnostic, (action, _) => registered.Add(action), cancellationToken);
                await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
                actions.AddRange(registered.SelectMany(Flatten).Select(action => (provider, action)));
            }

            verifier.True(
                actions.Count == 0 || !current.NonLocal.Contains(diagnostic)
                    || test.CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipLocalDiagnosticCheck),
                $"A fix is offered for a diagnostic that is not local to its file, which an IDE never asks for:{Environment.NewLine}{diagnostic}");
            foreach (var (provider, action) in actions)
            {
                verifier.True(action.EquivalenceKey is not null, $"'{action.Title}' of {provider.GetType().Name} has no equivalence key.");
            }

            var index = test.CodeActionIndex;
            var key = test.CodeActionEquivalenceKey;
            var chosen = index is null && key is not null
                ? actions.Find(a => a.Action.EquivalenceKey == key)
                : actions.ElementAtOrDefault(index ?? 0);
            if (chosen.Action is not null)
            {
                verifier.True(
                    key is null || chosen.Action.EquivalenceKey == key,
                    $"Action {index} has the equivalence key '{chosen.Action.EquivalenceKey}' instead of '{key}'.");
                test.CodeActionVerifier?.Invoke(chosen.Action, verifier);
            }

            return chosen;
        }

        private IEnumerable<CodeAction> Flatten(CodeAction action)
        {
            verifier.False(string.IsNullOrWhiteSpace(action.Title), "A code action has no title.");
            var nested = (ImmutableArray<CodeAction>)s_nestedActions.GetValue(action)!;
            return nested.IsDefaultOrEmpty ? [action] : nested.SelectMany(Flatten);
        }

        private async Task<Snapshot?> ApplyAsync(Snapshot current, CodeAction action)
        {
            var operations = await action.GetOperationsAsync(cancellationToken).ConfigureAwait(false);
            var changes = operations.OfType<ApplyChangesOperation>().ToArray();
            verifier.True(changes.Length == 1, $"'{action.Title}' has {changes.Length} ApplyChangesOperations instead of one.");
            var changed = changes[0].ChangedSolution;
            if (await current.HasContentAsync(Snapshot.ContentOf(changed), cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // What the fix built is compared with what its text says; the next step works on the latter.
            var parsed = changed;
            foreach (var id in changed.GetChanges(current.Solution).GetProjectChanges().SelectMany(p => p.GetChangedDocuments().Concat(p.GetAddedDocuments())))
            {
                var document = changed.GetDocument(id)!;
                var built = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
                var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
                parsed = parsed.WithDocumentText(id, SourceText.From(text.ToString(), text.Encoding, text.ChecksumAlgorithm), PreservationMode.PreserveIdentity);
                if (test.CodeActionValidationMode != CodeActionValidationMode.None)
                {
                    var root = (await CSharp.CSharpSyntaxTree.ParseText(text, (CSharp.CSharpParseOptions)built.SyntaxTree.Options, cancellationToken: cancellationToken)
                        .GetRootAsync(cancellationToken).ConfigureAwait(false))!;
                    var trivia = test.CodeActionValidationMode == CodeActionValidationMode.Full;
                    _roundTripFailure ??= RoundTrip.Compare(built, root, trivia) is { } difference
                        ? $"'{action.Title}' built a tree for '{document.Name}' that its text does not parse to:{Environment.NewLine}{difference}"
                        : null;
                }
            }

            var content = Snapshot.ContentOf(parsed);
            foreach (var known in test._known)
            {
                if (await known.HasContentAsync(content, cancellationToken).ConfigureAwait(false))
                {
                    return known;
                }
            }

            var next = await test.AnalyzeAsync(parsed, test.Analyzers, cancellationToken).ConfigureAwait(false);
            test._known.Add(next);
            return next;
        }

        private async Task VerifyContentAsync(Snapshot expected, Snapshot actual)
        {
            var missing = expected.Content.Keys.Except(actual.Content.Keys).ToArray();
            var extra = actual.Content.Keys.Except(expected.Content.Keys).ToArray();
            verifier.True(
                missing.Length + extra.Length == 0,
                $"Other documents than expected. Missing: {string.Join(", ", missing)}. Not expected: {string.Join(", ", extra)}.");
            foreach (var (key, document) in expected.Content)
            {
                var want = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
                var got = await actual.Content[key].GetTextAsync(cancellationToken).ConfigureAwait(false);
                if (!want.ContentEquals(got))
                {
                    verifier.Fail($"Content of {key} did not match. Expected '-', actual '+':{Environment.NewLine}{TextDiff.Render(want.ToString(), got.ToString())}");
                }

                verifier.Equal(want.Encoding?.WebName, got.Encoding?.WebName, $"Encoding of {key}");
                verifier.Equal(want.ChecksumAlgorithm, got.ChecksumAlgorithm, $"Checksum algorithm of {key}");
            }
        }
    }

    /// <summary>The diagnostics of the snapshot, by document and project.</summary>
    private sealed class Source(Snapshot snapshot) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Find(d => Home(d) is var home && (home is null || home.Project.Id == project.Id));

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Find(d => Home(d)?.Id == document.Id);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Find(d => Home(d) is null);

        private Document? Home(Diagnostic diagnostic) => snapshot.Solution.GetDocument(diagnostic.Location.SourceTree);

        private Task<IEnumerable<Diagnostic>> Find(Func<Diagnostic, bool> predicate)
            => Task.FromResult(snapshot.Diagnostics.Where(d => !d.IsSuppressed && predicate(d)));
    }
}
