using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF801_CollectionAsserted() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF801",
        "Collection asserted in the method that created the object",
        "'{0}' may still find '{1}' alive, since unoptimized code keeps what a method made alive until the method returns; "
            + "create the object in a static NoInlining function",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "In Debug builds and at tier 0 a method's locals and temporaries are roots until it returns, set to null "
            + "or not; optimized code lets go after the last use. An assertion in the same method passes or fails with the build.",
        helpLinkUri: HelpLink("WREF801"), customTags: Tags("WREF801"));

    public override Mention NeedsAll => Mention.Collection;

    public override void Start(Subscriptions on)
    {
        // A test may look at many objects: what its frame does is found out once.
        var frames = new ConcurrentDictionary<SyntaxNode, CollectionSite>();
        on.OnRead((read, context) =>
        {
            if (read is { Wrapper: null, Operation: { Syntax: ExpressionSyntax syntax, SemanticModel: { } model } }
                && Watched.Of(read.Receiver, on.Known) is { } watched && IsAssertedDead(read, syntax, on.Known)
                && Find(syntax, syntax.SpanStart, body => FrameOf(body, model), watched, on.Roles, on.Known) is { } found)
            {
                context.ReportDiagnostic(found);
            }
        });

        foreach (var name in AssertingHelpers.NamesIn(on.Compilation, on.Known))
        {
            on.OnCallInBody(name, (call, context) =>
            {
                if (call is { Syntax: InvocationExpressionSyntax syntax, SemanticModel: { } model }
                    && CollectorTest.IsTestCode(call, on.Known) && AssertingHelpers.AssertedBy(call, on.Roles, on.Known) is { } reference
                    && Find(syntax, syntax.Span.End, body => FrameOf(body, model), (reference, false), on.Roles, on.Known) is { } found)
                {
                    context.ReportDiagnostic(found);
                }
            });
        }

        CollectionSite FrameOf(SyntaxNode body, SemanticModel model) =>
            frames.GetOrAdd(body, code => new CollectionSite(code, model, on.Known, CancellationToken.None));
    }

    private static bool IsAssertedDead(WeakRead read, ExpressionSyntax syntax, KnownFacts known) =>
        Assertions.SayDead(syntax, read.Kind == WeakReadKind.Value ? Assertions.Answer.Target : Assertions.Answer.Alive, known)
        || (read is { Kind: WeakReadKind.Try, Out: IDeclarationExpressionOperation or ILocalReferenceOperation }
            && Syntaxes.NameOf(read.Out.Syntax as ExpressionSyntax) is { } target
                && Assertions.SaysLocal(target, syntax, Assertions.Answer.Target, known));

    /// <param name="end">Where a collection counts: before the read, and within a call that reads.</param>
    private static Diagnostic? Find(
        ExpressionSyntax read,
        int end,
        Func<SyntaxNode, CollectionSite> frameOf,
        (ISymbol Variable, bool IsElement) watched,
        RoleTable roles,
        KnownFacts known)
    {
        var body = Syntaxes.FunctionOf(read);
        while (body is AnonymousFunctionExpressionSyntax && Assertions.RunsIn(body))
        {
            body = Syntaxes.FunctionOf(body);
        }

        if (body is null || DebugBuild.LeavesOut(read, known))
        {
            return null;
        }

        // The weak reference made last before the assertion, in this very frame.
        var frame = frameOf(body);
        if (Watched.MadeBefore(frame, watched, read, roles) is not var (wrap, value))
        {
            return null;
        }

        var writes = Operations.VariableOf(value) is { } holder ? frame.WritesOf(holder) : null;
        var creation = writes is null ? value.Syntax : Frame.LastBefore(writes, wrap) is { Own: true } made
            ? made.Value ?? made.Node : null;
        var freed = writes?.Where(write =>
            write.Own && write.Node.SpanStart > wrap.SpanStart && write.Node.SpanStart < read.SpanStart).Select(write =>
            write.Node).FirstOrDefault();
        var from = (freed ?? wrap).SpanStart;
        if (creation is null || !Makes(creation, value, frame.Model) || frame.LastCollection(from, end) is not { } collection
            || frame.IsEmptied(watched.Variable, roles, wrap.Span.End, read.SpanStart))
        {
            return null;
        }

        // Nulled or held by a temporary, it hangs on the stack only: an await that suspends lets go of it. Otherwise the local itself
        // holds it, unless somebody uses it later: then it is alive in any build.
        var silent = freed is not null || value is not ILocalReferenceOperation local
            ? value is IFieldReferenceOperation && freed is null || frame.Suspends(from, collection.SpanStart, end)
            : IsUsedAt(local.Local, collection) || frame.Reads(local.Local, collection.SpanStart);
        return silent || frame.LoopsUntilDead(collection, watched.Variable) ? null
            : Related.Report(Descriptor, read.GetLocation(), [(Place.Creation, creation)], Text.Of(read), Text.Of(value.Syntax));
    }

    /// <summary>A using disposes of the object at the end of its block.</summary>
    private static bool IsUsedAt(ILocalSymbol local, SyntaxNode collection) =>
        local.IsUsing && local.DeclaringSyntaxReferences[0].GetSyntax().Ancestors().FirstOrDefault(static node =>
            node is UsingStatementSyntax or BlockSyntax)?.Span.Contains(collection.Span) == true;

    /// <summary>A field counts when the object was created right into it; a local may also have got it from a call.</summary>
    private static bool Makes(SyntaxNode creation, IOperation value, SemanticModel model) =>
        Syntaxes.Strip(creation as ExpressionSyntax) switch
    {
        BaseObjectCreationExpressionSyntax made => model.GetTypeInfo(made).Type is not { IsValueType: true },
        ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax or AnonymousObjectCreationExpressionSyntax => true,
        InvocationExpressionSyntax or AwaitExpressionSyntax or AnonymousFunctionExpressionSyntax => value is ILocalReferenceOperation
            or IInvocationOperation { Type.IsReferenceType: true, TargetMethod.DeclaringSyntaxReferences.IsEmpty: false },
        _ => creation is ArgumentSyntax && value is ILocalReferenceOperation,
    };
}
