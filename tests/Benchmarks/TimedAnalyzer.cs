using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace Benchmarks;

#pragma warning disable RS1001, RS1012, RS1013, RS1036 // No compiler loads these.

/// <summary>Our analyzer with a clock around each action it registers, and one around what each rule does there.</summary>
internal sealed class TimedAnalyzer : DiagnosticAnalyzer
{
    private readonly Rule[] _rules = WeakRefAnalyzer.Catalogue();
    private readonly KnownFacts _known = new();

    public Clocks Actions { get; } = new();

    public Clocks Rules { get; } = new();

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [.. _rules.SelectMany(static rule => rule.Descriptors)];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Actions.Around<CompilationStartAnalysisContext>("compilation start", start =>
            RuleHost.Start(
                _rules,
                new TimedStart(start, Actions),
                _known,
                (compilation, roles, known) => new TimedSubscriptions(compilation, roles, known, Rules))));
    }

    private sealed class TimedSubscriptions(Compilation compilation, RoleTable roles, KnownFacts known, Clocks clocks)
        : Subscriptions(compilation, roles, known)
    {
        public override void OnRead(Action<WeakRead, OperationBlockAnalysisContext> action) => base.OnRead(Around(action));

        public override void OnFinding(WeakFindingKind kind, Action<WeakFinding, OperationBlockAnalysisContext> action) =>
            base.OnFinding(kind, Around(action));

        public override void OnTarget(Action<WeakTarget, OperationAnalysisContext> action) => base.OnTarget(Around(action));

        public override void OnCacheEntry(Action<WeakTarget, OperationAnalysisContext> action) => base.OnCacheEntry(Around(action));

        public override void OnCleanup(Action<CleanupCallback, OperationAnalysisContext> action) => base.OnCleanup(Around(action));

        public override void OnCallInBody(string name, Action<IInvocationOperation, OperationBlockAnalysisContext> action) =>
            base.OnCallInBody(name, Around(action));

        public override void OnCreation(Action<IObjectCreationOperation, OperationAnalysisContext> action) =>
            base.OnCreation(Around(action));

        public override void OnDelegateTaken(Action<IInvocationOperation, OperationAnalysisContext> action) =>
            base.OnDelegateTaken(Around(action));

        public override void OnBody(Action<OperationBlockAnalysisContext> action) =>
            base.OnBody(clocks.Around(OwnerOf(action.Method.DeclaringType!), action));

        public override void OnField(Action<IFieldSymbol, SymbolAnalysisContext> action) => base.OnField(Around(action));

        public override void OnAnyFinalizer(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) =>
            base.OnAnyFinalizer(Around(action));

        public override void OnFinalizers(Action<IReadOnlyList<FinalizerReach>, SyntaxNodeAnalysisContext> action) =>
            base.OnFinalizers(Around(action));

        public override void OnFinalizer(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) => base.OnFinalizer(Around(action));

        public override void OnRelease(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) => base.OnRelease(Around(action));

        private Action<T1, T2> Around<T1, T2>(Action<T1, T2> action) => clocks.Around(OwnerOf(action.Method.DeclaringType!), action);

        private static string OwnerOf(Type type) => type.DeclaringType is { } outer ? OwnerOf(outer) : type.Name;
    }

    private sealed class TimedStart(CompilationStartAnalysisContext start, Clocks clocks)
        : CompilationStartAnalysisContext(start.Compilation, start.Options, start.CancellationToken)
    {
        public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) =>
            start.RegisterCompilationEndAction(Around(action));

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) =>
            start.RegisterSemanticModelAction(Around(action));

        public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
            start.RegisterSymbolAction(clocks.Around(string.Join(", ", symbolKinds), action), symbolKinds);

        public override void RegisterSymbolStartAction(Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind) =>
            start.RegisterSymbolStartAction(Around(action), symbolKind);

        public override void RegisterCodeBlockStartAction<T>(Action<CodeBlockStartAnalysisContext<T>> action) =>
            start.RegisterCodeBlockStartAction(Around(action));

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) =>
            start.RegisterCodeBlockAction(Around(action));

        public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action) =>
            start.RegisterOperationBlockStartAction(Around(action));

        public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
            start.RegisterOperationBlockAction(clocks.Around("body", action));

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) =>
            start.RegisterSyntaxTreeAction(Around(action));

        public override void RegisterSyntaxNodeAction<T>(Action<SyntaxNodeAnalysisContext> action, ImmutableArray<T> syntaxKinds) =>
            start.RegisterSyntaxNodeAction(clocks.Around(string.Join(", ", syntaxKinds), action), syntaxKinds);

        public override void RegisterOperationAction(Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> kinds) =>
            start.RegisterOperationAction(clocks.Around(string.Join(", ", kinds), action), kinds);

        private Action<T> Around<T>(Action<T> action) => clocks.Around(action.Method.Name, action);
    }
}

/// <summary>Listens to what ours listens to where everything is used, and does nothing.</summary>
internal sealed class EmptyAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Nothing =
        new("EMPTY", "Nothing", "Nothing", "None", DiagnosticSeverity.Info, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Nothing];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            start.RegisterOperationAction(static _ => { }, OperationKind.SimpleAssignment);
            start.RegisterOperationAction(static _ => { }, OperationKind.Invocation);
            start.RegisterOperationAction(static _ => { }, OperationKind.ObjectCreation);
            start.RegisterOperationBlockAction(static _ => { });
            start.RegisterSymbolAction(static _ => { }, SymbolKind.Field);
            start.RegisterSyntaxNodeAction(static _ => { }, SyntaxKind.ClassDeclaration, SyntaxKind.RecordDeclaration);
        });
    }
}
#pragma warning restore RS1001, RS1012, RS1013, RS1036
