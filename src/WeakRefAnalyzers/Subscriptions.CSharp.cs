using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

/// <summary>Weak reads, whole bodies and finalizers.</summary>
internal partial class Subscriptions
{
    private readonly List<Action<WeakRead, OperationBlockAnalysisContext>> _reads = [];
    private readonly List<(WeakFindingKind Kind, Action<WeakFinding, OperationBlockAnalysisContext> Action)> _findings = [];
    private readonly Dictionary<string, List<Action<IInvocationOperation, OperationBlockAnalysisContext>>> _bodyCalls =
        new(StringComparer.Ordinal);
    private readonly List<Action<OperationBlockAnalysisContext>> _bodies = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _finalizers = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _anyFinalizers = [];
    private readonly ConcurrentDictionary<INamedTypeSymbol, IMethodSymbol?> _baseFinalizers = new(SymbolEqualityComparer.Default);
    private readonly List<Action<IReadOnlyList<FinalizerReach>, SyntaxNodeAnalysisContext>> _allFinalizers = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _releases = [];
    private SoughtNames? _sought;
    private PlacesIn? _places;

    /// <summary>The weak-read state machine, shared by the rules that read its findings.</summary>
    public WeakReadFlow Reads { get; } = new(compilation, roles, known);

    /// <summary>A weak read or liveness probe, a wrapper's included, in its body.</summary>
    public virtual void OnRead(Action<WeakRead, OperationBlockAnalysisContext> action) => _reads.Add(action);

    /// <summary>
    /// A weak read that goes wrong in this way. Roslyn takes a report for local to its file, and an IDE shows it while one types, only
    /// inside the node whose action made it: here that is the whole body.
    /// </summary>
    public virtual void OnFinding(WeakFindingKind kind, Action<WeakFinding, OperationBlockAnalysisContext> action) =>
        _findings.Add((kind, action));

    /// <summary>
    /// A call of a method of this name, whoever declares it, once all of the body around it has been seen: check the symbol in the
    /// action.
    /// </summary>
    public virtual void OnCallInBody(string name, Action<IInvocationOperation, OperationBlockAnalysisContext> action)
    {
        if (!_bodyCalls.TryGetValue(name, out var list))
        {
            _bodyCalls.Add(name, list = []);
        }

        list.Add(action);
    }

    /// <summary>Any body: check in the action what it is the body of before anything else.</summary>
    public virtual void OnBody(Action<OperationBlockAnalysisContext> action) => _bodies.Add(action);

    /// <summary>A finalizer, <c>~T()</c>, with the code that it runs.</summary>
    public virtual void OnFinalizer(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) => _finalizers.Add(action);

    /// <summary>The same, and the finalizer of a base, where it runs what the type has overridden.</summary>
    public virtual void OnAnyFinalizer(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) => _anyFinalizers.Add(action);

    /// <summary>
    /// A type in a file with finalizers, and what they run: its own one first, then those of the other types. What an action
    /// reports outside its type an editor drops.
    /// </summary>
    public virtual void OnFinalizers(Action<IReadOnlyList<FinalizerReach>, SyntaxNodeAnalysisContext> action) => _allFinalizers.Add(action);

    /// <summary>The <c>ReleaseHandle</c> of a SafeHandle, with the code that it runs, in each type that declares some of it.</summary>
    public virtual void OnRelease(Action<FinalizerReach, SyntaxNodeAnalysisContext> action) => _releases.Add(action);

    private int ReadListeners => _reads.Count + _findings.Count;

    partial void RegisterMore(CompilationStartAnalysisContext context)
    {
        if (ReadListeners + _bodyCalls.Count + _bodies.Count > 0)
        {
            context.RegisterOperationBlockAction(AnalyzeBody);
        }

        if (_finalizers.Count + _anyFinalizers.Count + _allFinalizers.Count > 0)
        {
            // By the type, not by the finalizer: what the type's other methods do belongs to the report, and an IDE asks
            // for the diagnostics of one declaration at a time.
            context.RegisterSyntaxNodeAction(AnalyzeFinalizer, SyntaxKind.ClassDeclaration, SyntaxKind.RecordDeclaration);
        }

        if (_releases.Count > 0)
        {
            context.RegisterSyntaxNodeAction(AnalyzeRelease, SyntaxKind.ClassDeclaration);
        }
    }

    /// <summary>Nearly all bodies name nothing that is looked for, and no operation of theirs is.</summary>
    private void AnalyzeBody(OperationBlockAnalysisContext context)
    {
        foreach (var action in _bodies)
        {
            action(context);
        }

        if (ReadListeners + _bodyCalls.Count == 0)
        {
            return;
        }

        foreach (var body in context.OperationBlocks)
        {
            var places = PlacesOf(body.Syntax.SyntaxTree);
            var first = NamedPlaces.First(places, body.Syntax.Span);
            if ((first < places.Length && places[first] < body.Syntax.Span.End) || (ReadListeners > 0 && Reads.MayConvert))
            {
                AnalyzeBody(body, places, first, context);
            }
        }
    }

    /// <summary>The bodies of a file come one after the other.</summary>
    private int[] PlacesOf(SyntaxTree tree)
    {
        var places = _places;
        if (places?.Tree != tree)
        {
            _places = places = new PlacesIn(tree, NamedPlaces.In(tree, Sought, Known));
        }

        return places.All;
    }

    private void AnalyzeBody(IOperation body, int[] places, int first, OperationBlockAnalysisContext context)
    {
        HashSet<SyntaxNode>? reads = null;
        BodyFacts? facts = null;
        var arePlain = true;
        for (var i = first; i < places.Length && places[i] < body.Syntax.Span.End; i++)
        {
            if (Naming.OperationAt(places[i], body, context.CancellationToken) is not { } operation)
            {
                continue;
            }

            if (operation is IInvocationOperation call && _bodyCalls.TryGetValue(call.TargetMethod.Name, out var actions))
            {
                Publish(actions, call, context);
            }

            if (ReadListeners > 0 && Reads.ReadAt(operation) is { } read && read.Kind != WeakReadKind.DeadProbe)
            {
                Publish(_reads, read, context);
                if (_findings.Count > 0 && read.GivesTarget && (reads ??= []).Add(operation.Syntax))
                {
                    arePlain = arePlain && PlainReads.Is(read, facts ??= Reads.FactsOf(body));
                }
            }
        }

        if (ReadListeners > 0 && Reads.MayConvert)
        {
            foreach (var operation in body.DescendantsAndSelf())
            {
                if (operation is IConversionOperation conversion && Reads.ReadOf(conversion) is { } read
                    && read.Kind != WeakReadKind.DeadProbe)
                {
                    Publish(_reads, read, context);
                    arePlain &= !(_findings.Count > 0 && read.GivesTarget && (reads ??= []).Add(operation.Syntax));
                }
            }
        }

        if (reads is not null && !arePlain)
        {
            Publish(Reads.FindingsOf(context.GetControlFlowGraph(body), facts ?? Reads.FactsOf(body)), reads, context);
        }
    }

    private SoughtNames Sought => _sought ??= ReadListeners > 0 ? Reads.Names.With(_bodyCalls.Keys) : new SoughtNames(_bodyCalls.Keys);

    private void Publish(IEnumerable<WeakFinding> findings, HashSet<SyntaxNode> reads, OperationBlockAnalysisContext context)
    {
        foreach (var finding in findings)
        {
            foreach (var (kind, action) in _findings)
            {
                if (kind == finding.Kind && reads.Contains(finding.Read.Syntax))
                {
                    action(finding, context);
                }
            }
        }
    }

    private void AnalyzeFinalizer(SyntaxNodeAnalysisContext context)
    {
        // A file seldom has any; one with very many was generated, each for itself.
        var all = Finalizers.In(context.Node.SyntaxTree, Known, context.CancellationToken);
        var own = all.FirstOrDefault(finalizer => finalizer.Parent == context.Node);
        var reach = own is null ? ReachOfBase(context) : Finalizers.ReachOf(own, context.SemanticModel, Known, context.CancellationToken);
        if (all.Count == 0 && reach is null)
        {
            return;
        }

        List<FinalizerReach> reaches = [];
        if (reach is not null)
        {
            reaches.Add(reach);
            Publish(_anyFinalizers, reach, context);
            if (!reach.IsOfBase)
            {
                Publish(_finalizers, reach, context);
            }
        }

        if (_allFinalizers.Count > 0 && all.Count <= Finalizers.Few)
        {
            reaches.AddRange(all.Where(finalizer => finalizer != own)
                .Select(finalizer => Finalizers.ReachOf(finalizer, context.SemanticModel, Known, context.CancellationToken))
                .OfType<FinalizerReach>());
        }

        Publish(_allFinalizers, reaches, context);
    }

    private void AnalyzeRelease(SyntaxNodeAnalysisContext context)
    {
        var type = (TypeDeclarationSyntax)context.Node;
        if (type.BaseList is null)
        {
            return;
        }

        foreach (var member in type.Members)
        {
            if (member is MethodDeclarationSyntax && member.Modifiers.Any(SyntaxKind.OverrideKeyword))
            {
                if (FinalizerReach.OfRelease(type, context.SemanticModel, Known, context.CancellationToken) is { } release)
                {
                    Publish(_releases, release, context);
                }

                return;
            }
        }
    }

    private FinalizerReach? ReachOfBase(SyntaxNodeAnalysisContext context)
    {
        var part = (TypeDeclarationSyntax)context.Node;
        if (!BaseFinalizers.MayReach(part)
            || context.SemanticModel.GetDeclaredSymbol(part, context.CancellationToken) is not { BaseType: { } @base } type)
        {
            return null;
        }

        if (!_baseFinalizers.TryGetValue(@base.OriginalDefinition, out var finalizer))
        {
            _baseFinalizers.TryAdd(@base.OriginalDefinition, finalizer = BaseFinalizers.Of(type));
        }

        return finalizer is null || BaseFinalizers.IsSuppressed(type, Known) ? null
            : FinalizerReach.OfBase(part, type, finalizer, context.SemanticModel, Known, context.CancellationToken);
    }

    private sealed record PlacesIn(SyntaxTree Tree, int[] All);
}
