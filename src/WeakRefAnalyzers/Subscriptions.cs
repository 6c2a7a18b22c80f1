using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers;

/// <summary>
/// What the rules of one compilation listen to. Each kind of operation is registered once for the whole package, told
/// apart by name first and symbol second, and handed to the rules as an occurrence of a role.
/// </summary>
internal partial class Subscriptions(Compilation compilation, RoleTable roles, KnownFacts known)
{
    private readonly List<Action<WeakTarget, OperationAnalysisContext>> _targets = [];
    private readonly List<Action<WeakTarget, OperationAnalysisContext>> _entries = [];
    private readonly List<Action<CleanupCallback, OperationAnalysisContext>> _cleanups = [];
    private readonly List<Action<IInvocationOperation, OperationAnalysisContext>> _delegates = [];
    private readonly List<Action<IObjectCreationOperation, OperationAnalysisContext>> _creations = [];
    private readonly List<Action<(IMemberReferenceOperation Member, IOperation Value), OperationAnalysisContext>> _given = [];
    private readonly List<Action<IFieldSymbol, SymbolAnalysisContext>> _fields = [];

    public Compilation Compilation { get; } = compilation;

    public RoleTable Roles { get; } = roles;

    public KnownFacts Known { get; } = known;

    /// <summary>An object becomes weakly held: a reference, a handle, a table key, a registration.</summary>
    public virtual void OnTarget(Action<WeakTarget, OperationAnalysisContext> action) => _targets.Add(action);

    /// <summary>A value goes into a cache, which keeps strongly what it may.</summary>
    public virtual void OnCacheEntry(Action<WeakTarget, OperationAnalysisContext> action) => _entries.Add(action);

    /// <summary>A registry is given its cleanup callback.</summary>
    public virtual void OnCleanup(Action<CleanupCallback, OperationAnalysisContext> action) => _cleanups.Add(action);

    /// <summary>An object is made by a constructor of the compilation that takes something.</summary>
    public virtual void OnCreation(Action<IObjectCreationOperation, OperationAnalysisContext> action) => _creations.Add(action);

    /// <summary>A delegate made on the spot is assigned to a member, or put on an event.</summary>
    public void OnDelegateGiven(Action<(IMemberReferenceOperation Member, IOperation Value), OperationAnalysisContext> action) =>
        _given.Add(action);

    /// <summary>A call with a parameter that is, or may hold, a delegate.</summary>
    public virtual void OnDelegateTaken(Action<IInvocationOperation, OperationAnalysisContext> action) => _delegates.Add(action);

    /// <summary>Any field of source of a generic type, that behind a private property too: check the type's name first.</summary>
    public virtual void OnField(Action<IFieldSymbol, SymbolAnalysisContext> action) => _fields.Add(action);

    internal void Register(CompilationStartAnalysisContext context)
    {
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

        RegisterMore(context);
    }

    /// <summary>What asks the syntax of one language.</summary>
    partial void RegisterMore(CompilationStartAnalysisContext context);

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

    private static void Publish<T, TContext>(List<Action<T, TContext>> actions, T occurrence, TContext context)
    {
        foreach (var action in actions)
        {
            action(occurrence, context);
        }
    }
}
