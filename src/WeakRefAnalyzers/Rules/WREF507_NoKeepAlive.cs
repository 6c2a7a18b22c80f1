using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF507_NoKeepAlive() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF507",
        "Native call with a handle that a finalizer may release meanwhile",
        "Nothing keeps this '{0}' alive while '{1}' uses '{2}', so its finalizer may release the handle under the call; end "
            + "with GC.KeepAlive(this)",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "An object is dead to the collector after the last read of one of its fields, though a method of it is "
            + "still running. If that read passes a raw handle to native code, the finalizer can release the handle before the "
            + "native code is done.",
        helpLinkUri: HelpLink("WREF507"), customTags: Tags("WREF507"));

    public override Mention Needs => Mention.Finalizer | Mention.Disposal;

    public override void Start(Subscriptions on) => on.OnAnyFinalizer((reach, context) => Analyze(reach, on.Roles, context));

    private static void Analyze(FinalizerReach reach, RoleTable roles, SyntaxNodeAnalysisContext context)
    {
        HashSet<ISymbol> released = new(SymbolEqualityComparer.Default);
        HashSet<SyntaxNode> cleanup = [];
        foreach (var reached in reach.Operations)
        {
            cleanup.Add(reached.CallFrame.Body.Syntax);
            if (ReleaseCall.Of(reached.Operation) is { IsNative: true } call && call.OwnMember(reached.CallFrame, roles) is { } member
                && RawHandles.IsRaw(member.Type))
            {
                released.Add(Members.Behind(member.Member));
            }
        }

        if (released.Count == 0)
        {
            return;
        }

        foreach (var member in ((TypeDeclarationSyntax)context.Node).Members)
        {
            foreach (var body in RawHandles.BodiesOf(member))
            {
                if (!cleanup.Contains(body) && RawHandles.CallsNative(body)
                    && reach.Model.GetOperation(body, context.CancellationToken) is { } operation)
                {
                    Analyze(operation);
                }
            }
        }

        void Analyze(IOperation body)
        {
            foreach (var part in body.Descendants())
            {
                if (part is IInvocationOperation invocation
                    && ReleaseCall.IsNativeCall(invocation)
                    && RawHandles.PassedTo(invocation) is { } handle
                    && released.Contains(Members.Behind(handle.Member))
                    && !KeptAlive.IsAfter(invocation, body, context.CancellationToken))
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        invocation.Syntax.GetLocation(),
                        [reach.Name.GetLocation()],
                        reach.Type.Name,
                        ReleaseCall.NameOf(invocation),
                        handle.Member.Name));
                }
            }
        }
    }
}
