using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What an analyzer or a fix declares about itself; each type is looked at once.</summary>
internal static class AnalyzerChecks
{
    private static readonly ConcurrentDictionary<Type, bool> s_configuresGeneratedCode = new();
    private static readonly ConcurrentDictionary<Type, string?> s_faults = new();

    public static bool ConfiguresGeneratedCode(DiagnosticAnalyzer analyzer)
        => s_configuresGeneratedCode.GetOrAdd(analyzer.GetType(), _ =>
        {
            var recorder = new Recorder();
            analyzer.Initialize(recorder);
            return recorder.ConfiguredGeneratedCode;
        });

    /// <summary>Why no compiler or IDE would load it, or null.</summary>
    public static string? FaultOf(DiagnosticAnalyzer analyzer)
        => analyzer is EmptyDiagnosticAnalyzer ? null : s_faults.GetOrAdd(analyzer.GetType(), type =>
            type.GetCustomAttribute<DiagnosticAnalyzerAttribute>(inherit: false) is { } attribute
                && attribute.Languages.Contains(LanguageNames.CSharp)
                ? null
                : $"{type.Name} has no [DiagnosticAnalyzer] attribute for C#: the compiler would not load it.");

    public static string? FaultOf(CodeFixProvider provider)
        => provider is EmptyCodeFixProvider ? null : s_faults.GetOrAdd(provider.GetType(), type =>
            type.GetCustomAttribute<ExportCodeFixProviderAttribute>(inherit: false)?.Languages.Contains(LanguageNames.CSharp) != true
                ? $"{type.Name} has no [ExportCodeFixProvider] attribute for C#: an IDE would not load it."
                : type.GetCustomAttributes(inherit: false).All(a => a.GetType().FullName != "System.Composition.SharedAttribute")
                    ? $"{type.Name} is not [Shared]: an IDE would make a new one for every request."
                    : null);

    private sealed class Recorder : AnalysisContext
    {
        public bool ConfiguredGeneratedCode { get; private set; }

        public override void ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags analysisMode) => ConfiguredGeneratedCode = true;

        public override void EnableConcurrentExecution()
        {
        }

        public override void RegisterCompilationStartAction(Action<CompilationStartAnalysisContext> action)
        {
        }

        public override void RegisterCompilationAction(Action<CompilationAnalysisContext> action)
        {
        }

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action)
        {
        }

        public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds)
        {
        }

        public override void RegisterSymbolStartAction(Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind)
        {
        }

        public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action)
        {
        }

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action)
        {
        }

        public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action)
        {
        }

        public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action)
        {
        }

        public override void RegisterOperationAction(Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds)
        {
        }

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action)
        {
        }

        public override void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action)
        {
        }

        public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
            Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds)
        {
        }
    }
}

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EmptyDiagnosticAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
    }
}

public sealed class EmptyCodeFixProvider : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [];

    public override Task RegisterCodeFixesAsync(CodeFixContext context) => Task.CompletedTask;
}
