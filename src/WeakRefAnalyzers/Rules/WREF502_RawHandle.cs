using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF502_RawHandle() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF502",
        "Raw handle with a hand-written finalizer",
        "'{0}' is a raw handle that this finalizer releases with '{1}', perhaps while native code still uses it; keep it in a "
            + "SafeHandle, which needs no finalizer here",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A finalizer may run while a native call still uses the handle, is skipped when the constructor's thread "
            + "is aborted, and frees twice when it is written wrongly. A SafeHandle is counted by the marshaller and released "
            + "by a critical finalizer.",
        helpLinkUri: HelpLink("WREF502"), customTags: Tags("WREF502"));

    public override Mention Needs => Mention.Finalizer;

    public override void Start(Subscriptions on) => on.OnFinalizer((reach, context) => Analyze(reach, on.Roles, on.Known, context));

    private static void Analyze(FinalizerReach reach, RoleTable roles, KnownFacts known, SyntaxNodeAnalysisContext context)
    {
        if (reach.Rearms || Finalizable.IsCritical(reach.Type) || ExplicitRelease.IsUnknown(reach.Type))
        {
            return;
        }

        foreach (var reached in reach.Operations)
        {
            if (ReleaseCall.Of(reached.Operation) is { IsNative: true } call
                && !reach.IsInherited(reached)
                && call.OwnMember(reached.CallFrame, roles) is { Member: var member } reference
                && ReleaseCall.IsHandle(reference.Type)
                && !call.EndsScope
                && member is not IParameterSymbol && !member.DeclaringSyntaxReferences.IsEmpty)
            {
                // Without another way to release it that is what has to be said.
                if ((ExplicitRelease.IsOffered(reach.Type, known) || ExplicitRelease.IsRepeated(call, reached, known))
                    && FinalizerRelease.Of(reach, roles, context.CancellationToken) is null)
                {
                    context.ReportDiagnostic(Diagnostic.Create(Descriptor, reach.Name.GetLocation(),
                        [reach.SiteOf(reached).Syntax.GetLocation()], member.Name, call.Name));
                }

                return;
            }
        }
    }
}
