using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

/// <summary>Runs a set of rules; the tests run them one at a time.</summary>
public abstract partial class RuleHost : DiagnosticAnalyzer
{
    private readonly Rule[] _rules;
    private readonly KnownFacts _known = new();

    private protected RuleHost(Rule[] rules)
    {
        _rules = rules;
        SupportedDiagnostics = rules.SelectMany(rule => rule.Descriptors).ToImmutableArray();
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(OfGeneratedCode);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
            Start(_rules, start, _known, static (compilation, roles, known) => new Subscriptions(compilation, roles, known)));
    }

    /// <summary>Registers what those rules listen to that are switched on and whose subject the code mentions.</summary>
    internal static void Start(
        Rule[] rules,
        CompilationStartAnalysisContext start,
        KnownFacts known,
        Func<Compilation, RoleTable, KnownFacts, Subscriptions> create)
    {
        var compilation = start.Compilation;
        var configuration = Configuration.Of(compilation, start.Options);
        var mentioned = Mentions.InAll(compilation, known, start.CancellationToken);
        mentioned |= RoleTable.IsOpen(compilation, configuration) ? Mention.WeakType | Mention.WeakRead | Mention.Registry : Mention.None;
        Subscriptions? subscriptions = null;
        foreach (var rule in rules)
        {
            if (rule is ConfigurationRule judge)
            {
                judge.Start(start, configuration);
            }
            else if ((rule.Needs & mentioned) != Mention.None && mentioned.HasFlag(rule.NeedsAll)
                && rule.IsOn(compilation, start.CancellationToken))
            {
                subscriptions ??= create(compilation, new RoleTable(compilation, configuration), known);
                rule.Start(subscriptions);
            }
        }

        subscriptions?.Register(Written(start, configuration, known));
    }

    /// <summary>Where to register what is to hear of code that a person wrote.</summary>
    private static partial CompilationStartAnalysisContext Written(
        CompilationStartAnalysisContext start, Configuration configuration, KnownFacts known);
}
