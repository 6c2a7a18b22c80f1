using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF505_ThrowingFinalizer() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF505",
        "Finalizer may throw",
        "{0}, and an exception that leaves a finalizer ends the process; {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Nobody can catch what a finalizer throws: the runtime ends the process. The finalizer also runs for an "
            + "object whose constructor threw, with the fields as they were then.",
        helpLinkUri: HelpLink("WREF505"), customTags: Tags("WREF505"));

    public override Mention Needs => Mention.Finalizer | Mention.Disposal;

    public override void Start(Subscriptions on) => on.OnAnyFinalizer(Analyze);

    private static void Analyze(FinalizerReach reach, SyntaxNodeAnalysisContext context)
    {
        HashSet<ISymbol>? fields = null;
        Dictionary<SyntaxNode, Diagnostic> found = [];
        HashSet<CallFrame> calls = [];
        foreach (var reached in reach.Operations.Concat(reach.Elsewhere))
        {
            if (reach.IsInherited(reached))
            {
                continue;
            }

            if (Throwing.NameOf(reached, reach) is { } name)
            {
                // What throws by nature is caught together with what follows it.
                if (reached.Operation.Kind == OperationKind.Invocation && !calls.Add(reached.CallFrame))
                {
                    continue;
                }

                var action = name + (reached.Operation.Kind == OperationKind.Throw ? " is thrown here" : " throws");
                Report(reach.SiteOf(reached), reach.Name.GetLocation(), action, "catch it here or leave it out",
                    Guards.IsOfFirstUse(reached) || !Failures.Is(reached, reach));
            }
            else if (reached.CallFrame.HopsAway == 0
                && LateField.Of(reached, reach, context.CancellationToken) is var (field, type, thrower)
                && Finalizable.Declaring(type, context.CancellationToken) is null
                && (fields ??= new(SymbolEqualityComparer.Default)).Add(field))
            {
                Report(reach.SiteOf(reached), thrower.GetLocation(),
                    $"'{field.Name}' is null here if the constructor threw before it was set", "test it for null");
            }
        }

        foreach (var diagnostic in found.Values)
        {
            context.ReportDiagnostic(diagnostic);
        }

        // Of what one call leads to the likeliest is told.
        void Report(IOperation site, Location cause, string what, string remedy, bool isUnlikely = false)
        {
            isUnlikely |= reach.IsOfLastingObject;
            if (!reach.NeverRuns(context.CancellationToken) && (!found.TryGetValue(site.Syntax, out var told)
                || (told.Severity == DiagnosticSeverity.Info && !isUnlikely)))
            {
                found[site.Syntax] = Diagnostic.Create(Descriptor, site.Syntax.GetLocation(),
                    isUnlikely ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity, [cause], properties: null, what, remedy);
            }
        }
    }
}
