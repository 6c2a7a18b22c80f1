using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF603_DeadEntryAnswered() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF603",
        "A dead entry answered as a hit",
        "'{0}' finds nothing once its target has been collected, and that is the answer here although a missing entry of '{1}' is made; "
            + "treat a dead entry as a missing one",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "That a cache has an entry does not say that the entry's value is alive. A method that makes the value only where "
            + "there is no entry returns null for ever once the value has been collected.",
        helpLinkUri: HelpLink("WREF603"), customTags: Tags("WREF603"));

    public override void Start(Subscriptions on)
    {
        var stores = new EntryStores(on.Compilation, on.Roles, on.Known);
        on.OnFinding(WeakFindingKind.Answered, (finding, context) => Analyze(finding, stores, on, context));
    }

    private static void Analyze(WeakFinding finding, EntryStores stores, Subscriptions on, OperationBlockAnalysisContext context)
    {
        if (OperationOf(finding.Read.Syntax, context) is not { } operation || ReadOf(operation, on.Reads) is not { Receiver: { } receiver }
            || EntrySlots.Of(receiver, on.Known) is not { Count: > 0 } slots)
        {
            return;
        }

        var function = Operations.FunctionOf(operation);
        foreach (var store in stores.In(function, context.CancellationToken))
        {
            if (slots.Contains(store.Slot) && store.IsAnsweredBeside(operation, finding.Where)
                && !EntryRepairs.AreIn(function, store, on, context.CancellationToken))
            {
                var where = finding.Where.Span.Contains(finding.Read.Syntax.Span) ? Whole(finding.Read.Syntax) : finding.Where;
                context.ReportDiagnostic(Related.Report(Descriptor, where.GetLocation(),
                    [(Place.Read, finding.Read.Syntax), (Place.Test, EntrySlots.TestOf(operation, store.Slot)),
                        (Place.Addition, store.Put)],
                    Text.Of(finding.Read.Syntax), store.Slot.Name));
                return;
            }
        }
    }

    private static IOperation? OperationOf(SyntaxNode syntax, OperationBlockAnalysisContext context)
    {
        foreach (var block in context.OperationBlocks)
        {
            if (block.Syntax.FullSpan.Contains(syntax.Span))
            {
                return block.DescendantsAndSelf().FirstOrDefault(operation => operation.Syntax == syntax
                    && operation is IPropertyReferenceOperation or IInvocationOperation);
            }
        }

        return null;
    }

    private static Roles.WeakRead? ReadOf(IOperation operation, WeakReadFlow reads) => operation switch
    {
        IPropertyReferenceOperation property => reads.ReadOf(property),
        IInvocationOperation call => reads.ReadOf(call),
        _ => null,
    };

    /// <summary>With the casts around it.</summary>
    private static SyntaxNode Whole(SyntaxNode read)
    {
        while (read.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax
            or BinaryExpressionSyntax { OperatorToken.ValueText: "as" })
        {
            read = read.Parent;
        }

        return read;
    }
}
