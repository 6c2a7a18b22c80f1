using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>A rule that nobody wants to hear of does not look.</summary>
public class SwitchedOffTests
{
    [Fact]
    public async Task RulesThatAreSwitchedOffRegisterNothing()
    {
        var all = await Registered(static _ => false);
        var finalizers = await Registered(static id => !id.StartsWith("WREF50", StringComparison.Ordinal));
        Assert.True(all.OperationActionsCount > 0 && all.SyntaxNodeActionsCount > 0);
        Assert.Equal(0, finalizers.OperationActionsCount + finalizers.OperationBlockActionsCount + finalizers.SymbolActionsCount);
        Assert.True(finalizers.SyntaxNodeActionsCount > 0);
    }

    /// <summary>One file that wants to hear of it is enough.</summary>
    [Fact]
    public async Task ARuleThatOneFileSwitchesOnIsOn()
    {
        const string read = "class C{0} {{ void M(System.WeakReference w) {{ w.Target.ToString(); }} }}";
        var compilation = Whole.Compile([("Off.cs", string.Format(null, read, 1)), ("On.cs", string.Format(null, read, 2))]);
        var options = compilation.Options.WithSyntaxTreeOptionsProvider(new OffIn("Off.cs"));
        Assert.Equal("On.cs", Assert.Single(await Whole.AnalyzeAsync(compilation.WithOptions(options))).Location.GetLineSpan().Path);
    }

    private static async Task<Microsoft.CodeAnalysis.Diagnostics.Telemetry.AnalyzerTelemetryInfo> Registered(Func<string, bool> isOff)
    {
        var analyzer = new WeakRefAnalyzer();
        var compilation = Whole.Compile([("Source.cs", "class C { ~C() { } }")]);
        var off = analyzer.SupportedDiagnostics.Select(descriptor => descriptor.Id)
            .Distinct()
            .Where(isOff)
            .Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress));
        var run = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(off)).WithAnalyzers([analyzer]);
        await run.GetAnalyzerDiagnosticsAsync();
        return await run.GetAnalyzerTelemetryInfoAsync(analyzer, default);
    }

    private sealed class OffIn(string path) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(
            SyntaxTree tree,
            string diagnosticId,
            CancellationToken cancellationToken,
            out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Suppress;
            return tree.FilePath == path;
        }

        public override bool TryGetGlobalDiagnosticValue(
            string diagnosticId,
            CancellationToken cancellationToken,
            out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
