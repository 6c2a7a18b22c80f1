using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

internal enum WeakFindingKind : byte
{
    /// <summary>Dereferenced, never checked.</summary>
    Unchecked,

    /// <summary>Used as alive because an earlier probe said so.</summary>
    ProbedThenRead,

    /// <summary>Used as alive because another read was not null.</summary>
    CheckedThenRead,

    /// <summary>The out variable dereferenced where TryGetTarget may have returned false.</summary>
    ResultIgnored,
}

/// <summary>A weak read that goes wrong.</summary>
/// <param name="Kind">How.</param>
/// <param name="Read">The read.</param>
/// <param name="Where">The dereference, or the other use.</param>
internal sealed record WeakFinding(WeakFindingKind Kind, Origin Read, SyntaxNode Where);

/// <summary>How a body ends.</summary>
/// <param name="Returned">What it returns, with what is known by then.</param>
/// <param name="Exit">What is known once it is done; null where it never is.</param>
internal sealed record Outcome(IReadOnlyList<(Value Value, FlowState State)> Returned, FlowState? Exit)
{
    /// <summary>What is known once it returned this answer; null where it never does.</summary>
    public FlowState? When(bool answer)
    {
        FlowState? joined = null;
        foreach (var (value, state) in Returned)
        {
            if (state.Assuming(answer ? value.WhenTrue : value.WhenFalse) is { } then)
            {
                joined = joined is null ? then : FlowState.Join(joined, then);
            }
        }

        return joined;
    }
}

/// <summary>
/// The weak-read state machine over all bodies of a compilation: each is walked once, when its first weak read is met,
/// and every finding belongs to the read that causes it.
/// </summary>
internal sealed class WeakReadFlow
{
    private readonly ConditionalWeakTable<ControlFlowGraph, List<WeakFinding>> _findings = new();
    private readonly Wrappers _wrappers;
    private readonly SourcePromises _promises;

    public WeakReadFlow(Compilation compilation, RoleTable roles)
    {
        Roles = roles;
        _wrappers = new Wrappers(compilation, this);
        _promises = new SourcePromises(compilation, this);
    }

    public RoleTable Roles { get; }

    /// <summary>A weak read, a wrapper's included: a property or method of source that gives back what a weak read gave.</summary>
    public WeakRead? ReadOf(IPropertyReferenceOperation reference) => Roles.ReadOf(reference) ?? _wrappers.ReadOf(reference);

    public WeakRead? ReadOf(IInvocationOperation invocation) => Roles.ReadOf(invocation) ?? _wrappers.ReadOf(invocation);

    /// <summary>A weak read that does not bind because its reference or wrapper is declared more than once.</summary>
    public WeakRead? ReadOf(IOperation unbound)
    {
        if (unbound.Parent is IAssignmentOperation assignment && assignment.Target == unbound)
        {
            return null;
        }

        if (unbound.Type is IErrorTypeSymbol { CandidateReason: CandidateReason.Ambiguous })
        {
            return Ambiguity.MemberOf(unbound) is IPropertySymbol property ? _wrappers.ReadOf(unbound, property) : null;
        }

        var called = unbound.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression : unbound.Syntax as ExpressionSyntax;
        if (called is not (MemberAccessExpressionSyntax or MemberBindingExpressionSyntax) || Syntaxes.NameOf(called) is not ("Target" or "Deref" or "IsAlive" or "TryGetTarget")
            || Ambiguity.ReceiverOf(unbound) is not { } receiver)
        {
            return unbound.Syntax is MemberAccessExpressionSyntax && Ambiguity.MemberOf(unbound) is IPropertySymbol member ? _wrappers.ReadOf(unbound, member) : null;
        }

        if (Roles.ReadNamed(Syntaxes.NameOf(called)!, Ambiguity.TypeOf(receiver)) is not { } kind)
        {
            return Ambiguity.MemberOf(unbound) is IPropertySymbol member ? _wrappers.ReadOf(unbound, member) : null;
        }

        var target = kind == WeakReadKind.Try ? unbound.ChildOperations.ElementAtOrDefault(1) : null;
        return new WeakRead(unbound, kind == WeakReadKind.Try && target is null or IDiscardOperation ? WeakReadKind.Probe : kind, receiver, target);
    }

    /// <summary>What goes wrong with this read; ask for each read of a body, the walk is shared.</summary>
    public IEnumerable<WeakFinding> FindingsOf(WeakRead read, OperationAnalysisContext context) => FindingsOf(read, context.GetControlFlowGraph);

    public IEnumerable<WeakFinding> FindingsOf(WeakRead read, OperationBlockAnalysisContext context) =>
        context.OperationBlocks.FirstOrDefault(block => block.Syntax.FullSpan.Contains(read.Operation.Syntax.Span)) is { } body ? FindingsOf(read, () => context.GetControlFlowGraph(body)) : [];

    private IEnumerable<WeakFinding> FindingsOf(WeakRead read, Func<ControlFlowGraph> graphOf)
    {
        var root = RootOf(read.Operation);
        if (root is null || InExpressionTree(read.Operation))
        {
            return [];
        }

        var graph = graphOf();
        if (!_findings.TryGetValue(graph, out var findings))
        {
            findings = _findings.GetValue(graph, key => Walk(key, root));
        }

        return findings.Where(finding => finding.Read.Syntax == read.Operation.Syntax);
    }

    /// <summary>What a call promises of an argument, by attribute, by name, or by the body of the called method.</summary>
    public Promise PromiseOf(IMethodSymbol method, IArgumentOperation argument, bool inBodies) =>
        argument.Parameter is not { } parameter ? Promise.None
        : Callees.PromiseOf(method, parameter) is var promise and not Promise.None ? promise
        : inBodies ? _promises.Of(method, parameter) : Promise.None;

    /// <summary>How a body ends; null where it cannot be followed.</summary>
    public Outcome? OutcomeOf(IOperation root) => GraphOf(root) is { } graph ? WalkNested(graph, new FlowBody(root, Roles), FlowState.Start(), null) : null;

    internal Outcome WalkNested(ControlFlowGraph graph, FlowBody body, FlowState start, Action<WeakFinding>? report)
    {
        var walker = new WeakReadWalker(this, graph, body, start, report);
        var outcome = walker.Run();
        foreach (var function in graph.LocalFunctions)
        {
            // Who calls it, and when, is not followed: it starts from nothing.
            WalkNested(graph.GetLocalFunctionControlFlowGraph(function), body, FlowState.Start(), report);
        }

        return outcome;
    }

    private List<WeakFinding> Walk(ControlFlowGraph graph, IOperation root)
    {
        var findings = new List<WeakFinding>();
        WalkNested(graph, new FlowBody(root, Roles), FlowState.Start(), finding =>
        {
            // One defect, however many uses a read has, and however many reads of one reference in one function lack the
            // same check; the first in the text names it.
            var index = findings.FindIndex(other => other.Read.Syntax == finding.Read.Syntax || (other.Kind == finding.Kind && finding.Kind != WeakFindingKind.ResultIgnored
                && finding.Read.Reference is not null && finding.Read.Reference.Equals(other.Read.Reference)
                && finding.Read.Guard?.Cause == other.Read.Guard?.Cause && FunctionOf(other.Where) == FunctionOf(finding.Where)));
            if (index < 0)
            {
                findings.Add(finding);
            }
            else if (finding.Where.SpanStart < findings[index].Where.SpanStart)
            {
                findings[index] = finding;
            }
        });
        return findings;
    }

    private static SyntaxNode? FunctionOf(SyntaxNode node) => node.FirstAncestorOrSelf<SyntaxNode>(static ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax);

    private static IOperation? RootOf(IOperation operation)
    {
        var root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root is IBlockOperation or IMethodBodyOperation or IConstructorBodyOperation or IFieldInitializerOperation or IPropertyInitializerOperation or IParameterInitializerOperation ? root : null;
    }

    private static bool InExpressionTree(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation && parent.Parent is IConversionOperation { Type.Name: "Expression" })
            {
                return true;
            }
        }

        return false;
    }

    private static ControlFlowGraph? GraphOf(IOperation root) => root switch
    {
        IMethodBodyOperation body => ControlFlowGraph.Create(body),
        IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block),
        _ => null,
    };
}
