using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests;

/// <summary>What a source is compiled as; the default is .NET 10 with the newest C# of the Roslyn under test.</summary>
public sealed record Options
{
    public static Options Default { get; } = new();

    /// <summary>.NET Framework 4.7.2 instead of .NET 10; the source writes its own usings.</summary>
    public bool NetFramework { get; init; }

    /// <summary>Before C# 10 the source writes its own usings.</summary>
    public LanguageVersion Language { get; init; } = LanguageVersion.Default;

    /// <summary>Lines of the section [*.cs].</summary>
    public string? EditorConfig { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Broken code: what the compiler says of it is not checked.</summary>
    public bool CompilerErrors { get; init; }

    /// <summary>How often FixAll has to run; more than once only where edits overlap.</summary>
    public int? FixAllIterations { get; init; }

    /// <summary>Which of the offers is taken, where there are several.</summary>
    public int Offer { get; init; }

    /// <summary>Rules that set the severity by what they find are taken at their word, and not set to a warning.</summary>
    public bool OwnSeverities { get; init; }

    internal bool OwnUsings => NetFramework || Language is > LanguageVersion.Default and < LanguageVersion.CSharp10;
}

/// <summary>Runs one rule over a source; its markup says what has to be reported, and nothing else may be.</summary>
internal static class Verify<TRule>
    where TRule : Rule, new()
{
    public static Task Diagnostics(string source, params DiagnosticResult[] expected) => Diagnostics(source, Options.Default, expected);

    public static Task Diagnostics(string source, Options options, params DiagnosticResult[] expected)
    {
        if (Recorder.Takes(source, options))
        {
            return Task.CompletedTask;
        }

        var test = new RuleTest<Only<TRule>, EmptyCodeFixProvider>(options) { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }

    /// <summary>What a test of message and additional locations starts from; the id is needed where a pass has several.</summary>
    public static DiagnosticResult Diagnostic(string? id = null)
        => new(new TRule().Descriptors.Single(descriptor => id is null || descriptor.Id == id));
}

/// <summary>Runs one rule and its fix: one by one and as FixAll, which must come to the same.</summary>
internal static class Verify<TRule, TFix>
    where TRule : Rule, new()
    where TFix : CodeFixProvider, new()
{
    public static Task Fix(string source, string fixedSource, Options? options = null) => Recorder.Takes(source, options ?? Options.Default)
        ? Task.CompletedTask
        : new RuleTest<Only<TRule>, TFix>(options ?? Options.Default) { TestCode = source, FixedCode = fixedSource }.RunAsync();

    /// <summary>The rule reports what is marked, and no fix is offered for it.</summary>
    public static Task NoFix(string source, Options? options = null)
    {
        if (Recorder.Takes(source, options ?? Options.Default))
        {
            return Task.CompletedTask;
        }

        var test = new RuleTest<Only<TRule>, TFix>(options ?? Options.Default) { TestCode = source, FixedCode = source };
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        return test.RunAsync();
    }
}

/// <summary>Takes the sources of tests without running them, for the contract that all rules keep on all of them.</summary>
internal static class Recorder
{
    private static readonly AsyncLocal<List<(string Source, Options Options)>?> Taken = new();

    public static bool Takes(string source, Options options)
    {
        Taken.Value?.Add((source, options));
        return Taken.Value is not null;
    }

    /// <summary>What the test would verify, in its order.</summary>
    public static async Task<IReadOnlyList<(string Source, Options Options)>> RecordAsync(Func<Task> test)
    {
        var taken = new List<(string, Options)>();
        Taken.Value = taken;
        await test();
        Taken.Value = null;
        return taken;
    }
}

internal sealed class RuleTest<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    // The framework's own reference assemblies would be downloaded.
    private static readonly ReferenceAssemblies NoPackage = new("net10.0");

    private static readonly string[] TwoSeverities = ["WREF101", "WREF305", "WREF501", "WREF503", "WREF504", "WREF505"];

    private readonly Options _options;

    public RuleTest(Options options)
    {
        _options = options;
        ReferenceAssemblies = NoPackage;
        TestState.AdditionalReferences.AddRange(options.NetFramework ? References.NetFramework : References.Net10);
        TestState.AdditionalReferences.Add(options.NetFramework ? References.NetStandardWeakRefs : References.Net10WeakRefs);
        CompilerDiagnostics = options.CompilerErrors ? CompilerDiagnostics.None : CompilerDiagnostics.Errors;
        NumberOfFixAllIterations = options.FixAllIterations;
        CodeActionIndex = options.Offer;
        CodeActionVerifier = (action, verifier) =>
        {
            // What is offered first is what a command applies; its key is the fix's first id.
            var id = new TFix().FixableDiagnosticIds[0];
            var isKey = options.Offer == 0
                ? action.EquivalenceKey == id
                : action.EquivalenceKey?.StartsWith(id + "_", StringComparison.Ordinal) == true;
            verifier.True(isKey, "Equivalence key");
        };
        if (options.EditorConfig is { } lines)
        {
            TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n\n[*.cs]\n{lines}\n"));
        }
    }

    /// <summary>The source under test; the usings go after it, so that it stays the first document.</summary>
    public new string TestCode
    {
        set => Add(TestState, value);
    }

    public new string FixedCode
    {
        set => Add(FixedState, value);
    }

    protected override CompilationOptions CreateCompilationOptions()
    {
        var options = ((CSharpCompilationOptions)base.CreateCompilationOptions()).WithNullableContextOptions(
            _options.Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable);

        // Markup knows one severity of an id.
        return _options.OwnSeverities ? options : options.WithSpecificDiagnosticOptions(options.SpecificDiagnosticOptions.SetItems(
            TwoSeverities.Select(static id => new KeyValuePair<string, ReportDiagnostic>(id, ReportDiagnostic.Warn))));
    }

    protected override ParseOptions CreateParseOptions()
        => ((CSharpParseOptions)base.CreateParseOptions()).WithLanguageVersion(_options.Language);

    private void Add(SolutionState state, string source)
    {
        state.Sources.Add(source);
        if (!_options.OwnUsings)
        {
            state.Sources.Add(("/0/Usings.cs", References.Usings));
        }
    }
}
