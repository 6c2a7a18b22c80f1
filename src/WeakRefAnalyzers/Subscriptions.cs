using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

/// <summary>
/// What the rules of one compilation listen to. Each kind of operation is registered once for the whole package, told
/// apart by name first and symbol second, and handed to the rules as an occurrence of a role.
/// </summary>
internal class Subscriptions(Compilation compilation, RoleTable roles, KnownFacts known)
{
    private readonly List<Action<WeakRead, OperationBlockAnalysisContext>> _reads = [];
    private readonly List<(WeakFindingKind Kind, Action<WeakFinding, OperationBlockAnalysisContext> Action)> _findings = [];
    private readonly List<Action<WeakTarget, OperationAnalysisContext>> _targets = [];
    private readonly List<Action<WeakTarget, OperationAnalysisContext>> _entries = [];
    private SoughtNames? _sought;
    private readonly List<Action<CleanupCallback, OperationAnalysisContext>> _cleanups = [];
    private readonly Dictionary<string, List<Action<IInvocationOperation, OperationBlockAnalysisContext>>> _bodyCalls =
        new(StringComparer.Ordinal);
    private readonly List<Action<OperationBlockAnalysisContext>> _bodies = [];
    private readonly List<Action<IInvocationOperation, OperationAnalysisContext>> _delegates = [];
    private readonly List<Action<IObjectCreationOperation, OperationAnalysisContext>> _creations = [];
    private readonly List<Action<(IMemberReferenceOperation Member, IOperation Value), OperationAnalysisContext>> _given = [];
    private readonly List<Action<IFieldSymbol, SymbolAnalysisContext>> _fields = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _finalizers = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _anyFinalizers = [];
    private readonly ConcurrentDictionary<INamedTypeSymbol, IMethodSymbol?> _baseFinalizers = new(SymbolEqualityComparer.Default);
    private readonly List<Action<IReadOnlyList<FinalizerReach>, SyntaxNodeAnalysisContext>> _allFinalizers = [];
    private readonly List<Action<FinalizerReach, SyntaxNodeAnalysisContext>> _releases = [];

    public Compilation Compilation { get; } = compilation;

    public RoleTable Roles { get; } = roles;

    public KnownFacts Known { get; } = known;

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

    /// <summary>An object becomes weakly held: a reference, a handle, a table key, a registration.</summary>
    public virtual void OnTarget(Action<WeakTarget, OperationAnalysisContext> action) => _targets.Add(action);

    /// <summary>A value goes into a cache, which keeps strongly what it may.</summary>
    public virtual void OnCacheEntry(Action<WeakTarget, OperationAnalysisContext> action) => _entries.Add(action);

    /// <summary>A registry is given its cleanup callback.</summary>
    public virtual void OnCleanup(Action<CleanupCallback, OperationAnalysisContext> action) => _cleanups.Add(action);

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

    /// <summary>An object is made by a constructor of the compilation that takes something.</summary>
    public virtual void OnCreation(Action<IObjectCreationOperation, OperationAnalysisContext> action) => _creations.Add(action);

    /// <summary>A delegate made on the spot is assigned to a member, or put on an event.</summary>
    public void OnDelegateGiven(Action<(IMemberReferenceOperation Member, IOperation Value), OperationAnalysisContext> action) =>
        _given.Add(action);

    /// <summary>A call with a parameter that is, or may hold, a delegate.</summary>
    public virtual void OnDelegateTaken(Action<IInvocationOperation, OperationAnalysisContext> action) => _delegates.Add(action);

    /// <summary>Any body: check in the action what it is the body of before anything else.</summary>
    public virtual void OnBody(Action<OperationBlockAnalysisContext> action) => _bodies.Add(action);

    /// <summary>Any field of source of a generic type, that behind a private property too: check the type's name first.</summary>
    public virtual void OnField(Action<IFieldSymbol, SymbolAnalysisContext> action) => _fields.Add(action);

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

    internal void Register(CompilationStartAnalysisContext context)
    {
        if (ReadListeners + _bodyCalls.Count + _bodies.Count > 0)
        {
            context.RegisterOperationBlockAction(AnalyzeBody);
        }

        if (_given.Count > 0)
        {
            context.RegisterOperationAction(AnalyzeAssignment, OperationKind.EventAssignment);
        }

        if (_targets.Count + _given.Count > 0)
        {
            // By the assignment, not by the property: the value is what is reported.
            context.RegisterOperationAction(AnalyzeAssignment, OperationKind.SimpleAssignment);
        }

        if (_targets.Count + _entries.Count + _cleanups.Count + _delegates.Count > 0)
        {
            context.RegisterOperationAction(AnalyzeInvocation, OperationKind.Invocation);
        }

        if (_targets.Count + _cleanups.Count + _creations.Count > 0)
        {
            context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
        }

        if (_fields.Count > 0)
        {
            context.RegisterSymbolAction(AnalyzeField, SymbolKind.Field, SymbolKind.Property);
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

    private void AnalyzeAssignment(OperationAnalysisContext context)
    {
        var (target, value) = context.Operation switch
        {
            IEventAssignmentOperation { Adds: true } added => (added.EventReference, added.HandlerValue),
            IAssignmentOperation assignment => (assignment.Target, assignment.Value),
            _ => default,
        };
        if (target is IPropertyReferenceOperation property && Roles.TargetOf(property) is { } weak)
        {
            Publish(_targets, weak, context);
        }

        if (_given.Count > 0 && target is IMemberReferenceOperation member && Operations.Inner(value) is IDelegateCreationOperation)
        {
            Publish(_given, (member, value!), context);
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
            var places = NamedPlaces.In(body.Syntax.SyntaxTree, Sought, Known);
            var first = NamedPlaces.First(places, body.Syntax.Span);
            if ((first < places.Length && places[first] < body.Syntax.Span.End) || (ReadListeners > 0 && Reads.MayConvert))
            {
                AnalyzeBody(body, places, first, context);
            }
        }
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

    private void AnalyzeInvocation(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        var name = invocation.TargetMethod.Name;
        if (_delegates.Count > 0 && Delegates.AreTakenBy(invocation.TargetMethod))
        {
            Publish(_delegates, invocation, context);
        }

        if (!Vocabulary.IsTargeting(name) && !Roles.Annotations.MayBeOn(invocation.TargetMethod))
        {
            return;
        }

        if (Roles.TargetOf(invocation) is { } target)
        {
            Publish(target.Kind == WeakTargetKind.CacheEntry ? _entries : _targets, target, context);
        }

        // One call may take both the target and its callback.
        if (_cleanups.Count > 0 && Roles.CleanupOf(invocation) is { } cleanup)
        {
            Publish(_cleanups, cleanup, context);
        }
    }

    private void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (_creations.Count > 0 && !creation.Arguments.IsEmpty
            && ReferenceEquals(creation.Constructor?.ContainingAssembly, Compilation.Assembly))
        {
            Publish(_creations, creation, context);
        }

        if (Roles.TargetOf(creation) is { } target)
        {
            Publish(_targets, target, context);
        }

        if (_cleanups.Count > 0 && Roles.CleanupOf(creation) is { } cleanup)
        {
            Publish(_cleanups, cleanup, context);
        }
    }

    private void AnalyzeField(SymbolAnalysisContext context)
    {
        if (Members.FieldOf(context.Symbol) is { Type: INamedTypeSymbol { Arity: > 0 } } field)
        {
            Publish(_fields, field, context);
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

    private static void Publish<T, TContext>(List<Action<T, TContext>> actions, T occurrence, TContext context)
    {
        foreach (var action in actions)
        {
            action(occurrence, context);
        }
    }
}
