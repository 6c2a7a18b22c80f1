using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

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

    /// <summary>Given back to the caller, and not checked by then: mostly as it should be.</summary>
    Answered,
}

/// <summary>A weak read that goes wrong.</summary>
/// <param name="Kind">How.</param>
/// <param name="Read">The read.</param>
/// <param name="Where">The dereference, or the other use.</param>
internal sealed record WeakFinding(WeakFindingKind Kind, Origin Read, SyntaxNode Where);

/// <summary>
/// What the walk of a body comes by: a read used as if alive, a lambda to walk with what is known when it is made, or one that was
/// walked.
/// </summary>
internal readonly struct Sight
{
    public Sight(Origin read, SyntaxNode where, bool isAnswer = false) => (Read, Where, IsAnswer) = (read, where, isAnswer);

    public Sight(ControlFlowGraph lambda, FlowState start) => (Lambda, Start) = (lambda, start);

    public Sight(Outcome walked) => Walked = walked;

    public Origin? Read { get; }

    public SyntaxNode? Where { get; }

    public bool IsAnswer { get; }

    public ControlFlowGraph? Lambda { get; }

    public FlowState? Start { get; }

    public Outcome? Walked { get; }
}

/// <summary>How a body ends.</summary>
/// <param name="Returned">What it returns, with what is known by then.</param>
/// <param name="Exit">What is known once it is done; null where it never is.</param>
/// <param name="Sights">What the walk came by.</param>
/// <param name="Graph">The body; null where it could not be followed.</param>
internal sealed record Outcome(List<(Value Value, FlowState State)> Returned, FlowState? Exit, List<Sight> Sights, ControlFlowGraph? Graph)
{
    public static readonly Outcome None = new([], null, [], null);

    /// <summary>What variables and references go by in the states.</summary>
    public Numbers? Numbers { get; init; }

    /// <summary>The body is that of a local function, which shares the variables around it.</summary>
    public bool IsOfLocal { get; init; }

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
/// The weak-read state machine over all bodies of a compilation: each that holds a weak read is walked once, and every
/// finding belongs to the read that causes it.
/// </summary>
internal sealed class WeakReadFlow
{
    private readonly Wrappers _wrappers;
    private readonly Promises _promises;
    private readonly ConcurrentDictionary<IParameterSymbol, bool> _tested = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<string, IReadOnlyList<IMethodSymbol>> _extensions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _neverReturning = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IFieldSymbol, bool> _madeFromOwnField = new(SymbolEqualityComparer.Default);
    private readonly Compilation _compilation;
    private WrapperNames? _names;
    private long _steps;

    public WeakReadFlow(Compilation compilation, RoleTable roles, KnownFacts known)
    {
        _compilation = compilation;
        Roles = roles;
        Known = known;
        _wrappers = new Wrappers(compilation, this);
        _promises = new Promises(compilation, this);
    }

    public RoleTable Roles { get; }

    public KnownFacts Known { get; }

    /// <summary>The members that may be reads.</summary>
    public WrapperNames Names => _names ??= WrapperNames.Of(_compilation, Roles, Known);

    /// <summary>How much was done so far: for the tests of how the work grows with the code.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>A weak read, a wrapper's included: a property or method of source that gives back what a weak read gave.</summary>
    public WeakRead? ReadOf(IPropertyReferenceOperation reference, Inquiry? asking = null) =>
        MayRead(reference.Property.Name) ? Roles.ReadOf(reference) ?? _wrappers.ReadOf(reference, asking) : null;

    public WeakRead? ReadOf(IInvocationOperation invocation, Inquiry? asking = null) =>
        MayRead(invocation.TargetMethod.Name) ? Roles.ReadOf(invocation) ?? _wrappers.ReadOf(invocation, asking) : null;

    public WeakRead? ReadOf(IConversionOperation conversion, Inquiry? asking = null) =>
        conversion.OperatorMethod is { } method && MayConvert ? _wrappers.ReadOf(conversion, method, asking) : null;

    /// <summary>The read that this very operation is.</summary>
    public WeakRead? ReadAt(IOperation operation, Inquiry? asking = null) => operation switch
    {
        IPropertyReferenceOperation property => ReadOf(property, asking),
        IInvocationOperation invocation => ReadOf(invocation, asking),
        IConversionOperation conversion => ReadOf(conversion, asking),
        IMethodReferenceOperation method => ReadOf(method, asking),
        { Kind: OperationKind.Invalid or OperationKind.None } => ReadOf(operation, null, asking),
        _ => null,
    };

    /// <summary>A method that reads, given to somebody who calls it: <c>references.Select(Read)</c>.</summary>
    public WeakRead? ReadBy(IArgumentOperation argument, Inquiry? asking) =>
        argument.Value is IDelegateCreationOperation { Target: IMethodReferenceOperation reference } ? ReadOf(reference, asking) : null;

    private WeakRead? ReadOf(IMethodReferenceOperation reference, Inquiry? asking) =>
        reference.Parent?.Parent is IArgumentOperation && MayRead(reference.Method.Name) ? _wrappers.ReadOf(reference, asking) : null;

    /// <summary>Some conversion may wrap a weak read.</summary>
    public bool MayConvert => MayRead(WrapperNames.Conversion);

    /// <summary>By the name alone, which most members fail at once.</summary>
    public bool MayRead(string name) => (_names ?? Names).All.Contains(name);

    /// <summary>A weak read that does not bind because its reference or wrapper is declared more than once.</summary>
    /// <param name="unbound">The operation.</param>
    /// <param name="model">Where the operation is one of a graph, which has none: that of the body.</param>
    /// <param name="asking">The question under way.</param>
    public WeakRead? ReadOf(IOperation unbound, SemanticModel? model = null, Inquiry? asking = null)
    {
        var called = unbound.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression : unbound.Syntax as ExpressionSyntax;
        if (Syntaxes.NameOf(called) is not { } name || !MayRead(name)
            || (unbound.Parent is IAssignmentOperation assignment && assignment.Target == unbound))
        {
            return null;
        }

        if (unbound.Type is IErrorTypeSymbol { CandidateReason: CandidateReason.Ambiguous })
        {
            return Unbound.MemberOf(unbound) is IPropertySymbol property ? _wrappers.ReadOf(unbound, property, asking) : null;
        }

        if (MayRead(name) && Unbound.MethodOf(unbound, model ?? unbound.SemanticModel) is { } method
            && _wrappers.ReadOf(unbound, method, asking) is { } read)
        {
            return read;
        }

        if (called is not (MemberAccessExpressionSyntax or MemberBindingExpressionSyntax)
            || name is not ("Target" or "Deref" or "IsAlive" or "TryGetTarget")
            || Unbound.ReceiverOf(unbound) is not { } receiver)
        {
            return unbound.Syntax is MemberAccessExpressionSyntax && Unbound.MemberOf(unbound) is IPropertySymbol member
                ? _wrappers.ReadOf(unbound, member, asking) : null;
        }

        if (Roles.ReadNamed(name, Unbound.TypeOf(receiver)) is not { } kind)
        {
            return Unbound.MemberOf(unbound) is IPropertySymbol member ? _wrappers.ReadOf(unbound, member, asking) : null;
        }

        var target = kind == WeakReadKind.Try ? unbound.ChildOperations.ElementAtOrDefault(1) : null;
        kind = kind == WeakReadKind.Try && target is null or IDiscardOperation ? WeakReadKind.Probe : kind;
        return new WeakRead(unbound, kind, receiver, target);
    }

    public BodyFacts FactsOf(IOperation body) => new(Operations.RootOf(body), this);

    /// <summary>What goes wrong with the weak reads of a body.</summary>
    public List<WeakFinding> FindingsOf(ControlFlowGraph graph, BodyFacts facts)
    {
        var findings = new Findings();
        Collect(Walk(graph, facts, FlowState.Start(facts.Numbers)), facts, findings);
        Interlocked.Add(ref _steps, facts.Effort.Steps);
        return facts.Effort.IsSpent ? [] : findings.WithAnswers();
    }

    /// <summary>What a call promises of an argument, by attribute, by name, or by the body of the called method.</summary>
    /// <param name="method">The called method.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="asking">Null where only attributes and names are asked.</param>
    public Promise PromiseOf(IMethodSymbol method, IArgumentOperation argument, Inquiry? asking) =>
        argument.Parameter is not { } parameter ? Promise.None : PromiseOf(method, parameter, asking);

    public Promise PromiseOf(IMethodSymbol method, IParameterSymbol parameter, Inquiry? asking) =>
        Callees.PromiseOf(method, parameter) is var promise and not Promise.None ? promise
        : asking is not null ? _promises.Of(method, parameter, asking) : Promise.None;

    /// <summary>The extension methods of source that are called so.</summary>
    public IReadOnlyList<IMethodSymbol> ExtensionsNamed(string name) => _extensions.GetOrAdd(name, text =>
        [.. SourceMembers.Named(text, _compilation, Known, default).OfType<IMethodSymbol>()
            .Where(static method => method.IsExtensionMethod)]);

    /// <summary>Null as this argument is business as usual: the callee compares, formats, or tests its parameter.</summary>
    public bool ToleratesNull(IArgumentOperation argument) => argument.Parameter is not { } parameter || argument.Parent switch
    {
        IInvocationOperation call => Callees.ToleratesNull(call.TargetMethod) || TestsForNull(parameter),
        IObjectCreationOperation => TestsForNull(parameter),
        _ => true,
    };

    public bool TestsForNull(IParameterSymbol parameter) => _tested.GetOrAdd(parameter.OriginalDefinition, Callees.TestsForNull);

    public bool NeverReturns(IMethodSymbol method) => _neverReturning.GetOrAdd(method.OriginalDefinition, Callees.NeverReturns);

    /// <summary>Somewhere in its type the reference is made from <c>this</c> or from a strong field of the same object.</summary>
    public bool IsMadeFromOwnField(IFieldSymbol reference) =>
        _madeFromOwnField.GetOrAdd(reference.OriginalDefinition, BodyFacts.IsMadeFromOwnField);

    /// <summary>How a body ends, or a local function in it; null where it cannot be followed.</summary>
    public Outcome? OutcomeOf(IOperation root, Inquiry inquiry, LocalFunctionStatementSyntax? function = null)
    {
        var graph = GraphOf(root);
        graph = graph is null || function is null ? graph : GraphOf(graph, function);
        if (graph is null)
        {
            return null;
        }

        var facts = new BodyFacts(root, this);
        var outcome = new WeakReadWalker(this, graph, facts, FlowState.Start(facts.Numbers), inquiry).Run();
        Interlocked.Add(ref _steps, facts.Effort.Steps);
        return outcome with { Numbers = facts.Numbers, IsOfLocal = function is not null };
    }

    private void Collect(Outcome outcome, BodyFacts body, Findings findings)
    {
        foreach (var sight in outcome.Sights)
        {
            if (sight is { IsAnswer: true, Read: { } answer })
            {
                findings.AddAnswer(new WeakFinding(WeakFindingKind.Answered, answer, sight.Where!));
            }
            else if (sight is { Read: { } read, Where: { } where })
            {
                if (!body.StillHolds(read, where) && !BodyFacts.IsCaught(where))
                {
                    findings.Add(new WeakFinding(KindOf(read), read, where));
                }
            }
            else if ((sight.Walked ?? Walk(sight.Lambda!, body, sight.Start!)) is var walked && !body.Effort.IsSpent)
            {
                Collect(walked, body, findings);
            }
        }

        if (outcome.Graph is not { } graph)
        {
            return;
        }

        foreach (var function in graph.LocalFunctions)
        {
            // Who calls it, and when, is not followed: it starts from nothing.
            Collect(Walk(graph.GetLocalFunctionControlFlowGraph(function), body, FlowState.Start(body.Numbers)), body, findings);
        }
    }

    private Outcome Walk(ControlFlowGraph graph, BodyFacts body, FlowState start) =>
        new WeakReadWalker(this, graph, body, start, new Inquiry(Wrappers.MaxHops)).Run();

    private static WeakFindingKind KindOf(Origin read) => read switch
    {
        { Guard.Kind: GuardKind.Probed } => WeakFindingKind.ProbedThenRead,
        { Guard.Kind: GuardKind.Checked } => WeakFindingKind.CheckedThenRead,
        { IsTry: true } => WeakFindingKind.ResultIgnored,
        _ => WeakFindingKind.Unchecked,
    };

    private static ControlFlowGraph? GraphOf(ControlFlowGraph whole, LocalFunctionStatementSyntax function)
    {
        foreach (var symbol in whole.LocalFunctions)
        {
            if (symbol.DeclaringSyntaxReferences[0].Span is var span && span.Contains(function.Span))
            {
                var graph = whole.GetLocalFunctionControlFlowGraph(symbol);
                return span == function.Span ? graph : GraphOf(graph, function);
            }
        }

        return null;
    }

    private static ControlFlowGraph? GraphOf(IOperation root) => root switch
    {
        IMethodBodyOperation body => ControlFlowGraph.Create(body),
        IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block),
        _ => null,
    };

    /// <summary>
    /// One defect, however many uses a read has, and however many reads of one reference in one function lack the same
    /// check; the first in the text names it.
    /// </summary>
    private sealed class Findings
    {
        private readonly Dictionary<object, int> _index = [];
        private readonly HashSet<Reference> _references = [];
        private List<WeakFinding>? _answers;

        private List<WeakFinding> All { get; } = [];

        public void AddAnswer(WeakFinding answer) => (_answers ??= []).Add(answer);

        /// <summary>What is wrong with a reference is said at its use, and not where it is given back as well.</summary>
        public List<WeakFinding> WithAnswers()
        {
            foreach (var answer in _answers ?? [])
            {
                if (!_index.ContainsKey(answer.Read.Syntax) && !(answer.Read.Reference is { } reference && _references.Contains(reference)))
                {
                    _index.Add(answer.Read.Syntax, All.Count);
                    All.Add(answer);
                }
            }

            return All;
        }

        public void Add(WeakFinding finding)
        {
            if (finding.Read.Reference is { } reference)
            {
                _references.Add(reference);
            }

            var alike = Alike(finding);
            var index = _index.TryGetValue(finding.Read.Syntax, out var same) ? same : All.Count;
            index = alike is not null && _index.TryGetValue(alike, out var other) ? Math.Min(index, other) : index;
            if (index == All.Count)
            {
                All.Add(finding);
            }
            else if (finding.Where.SpanStart < All[index].Where.SpanStart)
            {
                All[index] = finding;
            }
            else
            {
                return;
            }

            _index[finding.Read.Syntax] = index;
            if (alike is not null)
            {
                _index[alike] = index;
            }
        }

        private static object? Alike(WeakFinding finding) =>
            finding.Kind == WeakFindingKind.ResultIgnored || finding.Read.Reference is null ? null
            : (finding.Kind, finding.Read.Reference, finding.Read.Guard?.Cause, FunctionOf(finding.Where, finding.Read.Syntax));

        /// <summary>A lambda that the target itself is given is part of what is around the call.</summary>
        private static SyntaxNode? FunctionOf(SyntaxNode node, SyntaxNode read)
        {
            var function = node.FirstAncestorOrSelf<SyntaxNode>(static ancestor => ancestor is AnonymousFunctionExpressionSyntax
                or LocalFunctionStatementSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax);
            return function is AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax
                { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } call } } && receiver.IsEquivalentTo(read)
                ? FunctionOf(call, read) : function;
        }
    }
}
