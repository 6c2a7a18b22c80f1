using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Speaks of the configuration, and so of no code. Where the build hands over the files that configure (the package's targets do), it
/// points into them; elsewhere it has no place to point to. Neither is a report at the end of the compilation: those an editor drops.
/// </summary>
internal sealed partial class WREF001_UnknownName() : ConfigurationRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF001",
        "Configuration that names nothing",
        "Option '{0}' {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An option that does not exist, or a type or member that does not, configures nothing: the code that it was "
            + "written for is not analyzed as meant.",
        helpLinkUri: HelpLink("WREF001"), customTags: Tags("WREF001"));

    public override void Start(CompilationStartAnalysisContext start, Configuration configuration)
    {
        var options = start.Options.AnalyzerConfigOptionsProvider;
        List<Setting> settings = [];
        foreach (var file in start.Options.AdditionalFiles)
        {
            Setting.AddFrom(file, settings, start.CancellationToken);
        }

        // What no file says that was handed over.
        var elsewhere = configuration.Values
            .Concat(settings.Count > 0 ? [] : UnknownOptions(start.Compilation, options))
            .Where(value => !settings.Exists(setting => setting.Option == value.Option && setting.Value == value.Value))
            .Select(static value => new Setting(value.Option, value.Value, null, 0))
            .ToArray();
        if (settings.Count + elsewhere.Length == 0 || !IsOn(start.Compilation, start.CancellationToken))
        {
            return;
        }

        options.GlobalOptions.TryGetValue("build_property.projectdir", out var folder);
        var faults = new Faults(start.Compilation, folder);
        if (settings.Count > 0)
        {
            start.RegisterAdditionalFileAction(context => Report(
                settings.Where(setting => setting.File == context.AdditionalFile), faults, context.ReportDiagnostic));
        }

        if (elsewhere.Length > 0)
        {
            var reported = 0;
            start.RegisterSyntaxTreeAction(context =>
            {
                if (Interlocked.Exchange(ref reported, 1) == 0)
                {
                    Report(elsewhere, faults, context.ReportDiagnostic);
                }
            });
        }
    }

    private static void Report(IEnumerable<Setting> settings, Faults faults, Action<Diagnostic> report)
    {
        foreach (var setting in settings)
        {
            foreach (var (span, says) in faults.Of(setting))
            {
                report(Diagnostic.Create(Descriptor, setting.LocationOf(span), setting.Option, says));
            }
        }
    }

    /// <summary>Options that begin like ours and are none.</summary>
    private static IEnumerable<(string Option, string Value)> UnknownOptions(
        Compilation compilation,
        AnalyzerConfigOptionsProvider provider) => compilation.SyntaxTrees.Take(1).Select(provider.GetOptions)
            .Append(provider.GlobalOptions)
            .SelectMany(KeysOf)
            .Where(static key => Setting.IsOurs(key) && !Configuration.Options.Contains(key))
            .Distinct()
            .Select(static key => (key, ""));

    /// <summary>A host need not be able to list them.</summary>
    private static IEnumerable<string> KeysOf(AnalyzerConfigOptions options)
    {
        try
        {
            return options.Keys.ToArray();
        }
        catch (NotImplementedException)
        {
            return [];
        }
    }
}
