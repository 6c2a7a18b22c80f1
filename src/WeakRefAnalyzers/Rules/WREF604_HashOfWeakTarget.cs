using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF604_HashOfWeakTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF604",
        "Hash code or equality that changes when the weak target dies",
        "The {0} of '{1}' is read from '{2}' and changes when that is collected, so its entry is neither found nor removed any more; {3}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A dictionary or set looks for a key where its hash code says, and takes the one that is equal. If either comes from "
            + "a weakly held object, it is another one once the object is collected, and the entry stays in the collection for good.",
        helpLinkUri: HelpLink("WREF604"), customTags: Tags("WREF604"));

    public override void Start(Subscriptions on) => on.OnRead((read, context) =>
    {
        if (read.Kind is WeakReadKind.Value or WeakReadKind.Try && context.OwningSymbol is IMethodSymbol method
            && method.Name.EndsWith("GetHashCode", StringComparison.Ordinal) && IsHash(method))
        {
            Analyze(read, method, on.Reads, context);
        }
        else if (read.Kind is WeakReadKind.Value or WeakReadKind.Try && context.OwningSymbol is IMethodSymbol equality
            && equality.Name.EndsWith("Equals", StringComparison.Ordinal) && KeyEquality.Is(equality)
            && KeyEquality.FailsForTheDead(read, equality, on.Reads))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, read.Operation.Syntax.GetLocation(), "equality", KeyOf(equality),
                Text.Of(read.Operation.Syntax), "compare the references first: a dead key has to be equal to itself"));
        }
    });

    /// <summary>The type of the keys.</summary>
    private static string KeyOf(IMethodSymbol method) =>
        (method.Parameters.IsEmpty || (method.Name == "Equals" && method.Parameters.Length == 1) ? method.ContainingType
            : method.Parameters[0].Type).Name;

    private static void Analyze(WeakRead read, IMethodSymbol method, WeakReadFlow reads, OperationBlockAnalysisContext context)
    {
        var hashed = method.Parameters.IsEmpty ? (object)"this" : method.Parameters[0];
        if (read.Receiver is not { } receiver || Reference.Of(receiver, reads.Known) is not { Root.Segment: var segment }
            || !(segment is ISymbol symbol ? Operations.Same(symbol, hashed as ISymbol) : segment.Equals(hashed))
            || (hashed is IParameterSymbol { Type: var key } && KeyEquality.IsOfRebuilt(method.ContainingType, key, reads.Known)))
        {
            return;
        }

        var root = Operations.RootOf(read.Operation);
        foreach (var part in root.Descendants())
        {
            if (part is IThrowOperation || IsKept(part) || (part.Syntax.SpanStart < read.Operation.Syntax.SpanStart && IsRead(part, reads)))
            {
                return;
            }
        }

        // The target that may be gone is used without a check: that is said already.
        if (reads.FindingsOf(context.GetControlFlowGraph(BodyOf(read.Operation, context)), reads.FactsOf(root)).Any(finding =>
            finding.Kind != WeakFindingKind.Answered && finding.Read.Syntax == read.Operation.Syntax))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(Descriptor, read.Operation.Syntax.GetLocation(), "hash code", KeyOf(method),
            Text.Of(read.Operation.Syntax), "compute it once, while the target is there, and keep it"));
    }

    private static IOperation BodyOf(IOperation operation, OperationBlockAnalysisContext context) =>
        context.OperationBlocks.First(body => body.Syntax.Span.Contains(operation.Syntax.Span));

    private static bool IsHash(IMethodSymbol method) => method is { IsStatic: false, ReturnType.SpecialType: SpecialType.System_Int32 }
        && (method.Parameters.IsEmpty ? method.IsOverride
            : method.Parameters.Length == 1 && (method.IsOverride
                || method.ContainingType.AllInterfaces.Any(static type => type.Name == "IEqualityComparer")));

    private static bool IsRead(IOperation part, WeakReadFlow reads) => part switch
    {
        IPropertyReferenceOperation property => reads.ReadOf(property),
        IInvocationOperation call => reads.ReadOf(call),
        _ => null,
    }
    is { Kind: WeakReadKind.Value or WeakReadKind.Try };

    /// <summary>A member that keeps the hash code: written to here, or the answer where the target is gone.</summary>
    private static bool IsKept(IOperation part)
    {
        if (part is not IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member)
        {
            return false;
        }

        var value = Operations.Outer(part);
        return Operations.WriteTo(part) is not null || (IsNumber(member.Type) && value.Parent switch
        {
            IReturnOperation => true,
            IConditionalOperation choice => choice.WhenTrue == value || choice.WhenFalse == value,
            ICoalesceOperation coalesce => coalesce.WhenNull == value,
            ISwitchExpressionArmOperation => true,
            _ => false,
        });
    }

    private static bool IsNumber(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_Int32 };
}
