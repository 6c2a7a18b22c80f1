using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Members of source that pass a weak read on: a property that returns <c>_w.Target</c>, a method that returns
/// <c>_w.IsAlive</c>, a <c>bool TryGet(out T t)</c>. Each is looked at once; a hop through another wrapper counts, up to three.
/// </summary>
internal sealed class Wrappers
{
    /// <summary>How many members may stand between a use and the weak read.</summary>
    public const int MaxHops = 4;

    private readonly Compilation _compilation;
    private readonly WeakReadFlow _flow;
    private readonly Summary<ISymbol, Wrapper?> _known;
    private HashSet<string>? _names;

    public Wrappers(Compilation compilation, WeakReadFlow flow)
    {
        _compilation = compilation;
        _flow = flow;
        _known = new Summary<ISymbol, Wrapper?>(SymbolEqualityComparer.Default, null, Find);
    }

    public WeakRead? ReadOf(IPropertyReferenceOperation reference, Inquiry? asking)
    {
        var property = reference.Property;
        if (!IsOfSource(property) || property.GetMethod is null || !CanWrap(property.Type)
            || Of(property, asking) is not { } wrapper)
        {
            return null;
        }

        var written = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;
        return written || reference.Parent is INameOfOperation ? null
            : new WeakRead(reference, wrapper.Kind, reference.Instance, null, property, wrapper.Inner);
    }

    /// <summary>The same where the property is one of several alike.</summary>
    public WeakRead? ReadOf(IOperation ambiguous, IPropertySymbol property, Inquiry? asking) =>
        IsOfSource(property) && !property.IsIndexer && property.GetMethod is not null && CanWrap(property.Type)
            && Of(property, asking) is { } wrapper
            ? new WeakRead(ambiguous, wrapper.Kind, Unbound.ReceiverOf(ambiguous), null, property, wrapper.Inner)
            : null;

    public WeakRead? ReadOf(IInvocationOperation invocation, Inquiry? asking)
    {
        var method = invocation.TargetMethod;
        if (!IsOfSource(method) || method.MethodKind != MethodKind.Ordinary || method.IsAsync
            || !CanWrap(method.ReturnType)
            || Of(method, asking) is not { } wrapper)
        {
            return null;
        }

        var target = wrapper.Kind == WeakReadKind.Try ? RoleTable.ArgumentFor(invocation.Arguments, wrapper.Ordinal)?.Value : null;
        var kind = wrapper.Kind == WeakReadKind.Try && target is null or IDiscardOperation ? WeakReadKind.Probe : wrapper.Kind;
        return new WeakRead(invocation, kind, invocation.Instance, target, method, wrapper.Inner);
    }

    private Wrapper? Of(ISymbol member, Inquiry? asking) => _known.Of(member.OriginalDefinition, asking ?? new Inquiry(MaxHops));

    /// <summary>Whether a member of that name may be a wrapper.</summary>
    public bool MayBeCalled(string name) => (_names ??= WrapperNames.In(_compilation, _flow.Known)).Contains(name);

    private bool IsOfSource(ISymbol member) => ReferenceEquals(member.ContainingAssembly, _compilation.Assembly);

    private static bool CanWrap(ITypeSymbol type) =>
        type.IsReferenceType || type.SpecialType == SpecialType.System_Boolean || type.TypeKind == TypeKind.TypeParameter;

    private Wrapper? Find(ISymbol member, Inquiry inquiry) =>
        WrapperNames.BodyOf(member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()) is { } body && MayWrap(member, body, inquiry)
            ? Examine(member, body, inquiry) : null;

    /// <summary>A cheap look before anything binds: it names a weak read, or hands on another short member's value.</summary>
    private bool MayWrap(ISymbol member, SyntaxNode body, Inquiry inquiry) =>
        WrapperNames.NamesRead(body, _flow.Known)
        || (WrapperNames.HopOf(body) is { } name && member.ContainingType is { } type && Hops(type, name, member, inquiry));

    private bool Hops(INamedTypeSymbol type, string name, ISymbol from, Inquiry inquiry)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var candidate in owner.GetMembers(name))
            {
                if (candidate is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary }
                    && ReferenceEquals(candidate.ContainingAssembly, _compilation.Assembly)
                    && !SymbolEqualityComparer.Default.Equals(candidate, from))
                {
                    return _known.Of(candidate.OriginalDefinition, inquiry) is not null;
                }
            }
        }

        return false;
    }

    private Wrapper? Examine(ISymbol member, SyntaxNode body, Inquiry inquiry)
    {
        if (body.DescendantNodes(static node => !Syntaxes.IsFunction(node)).Any(static node => node is YieldStatementSyntax))
        {
            return null; // What an iterator yields is not what it returns.
        }

        var declaration = body.Parent is AccessorDeclarationSyntax or MethodDeclarationSyntax ? body.Parent : body;
        if (Operations.Of(_compilation, declaration, default) is not { } root || root.Descendants().Any(IsMade))
        {
            return null;
        }

        if (_flow.OutcomeOf(root, inquiry) is not { Returned.Count: > 0 } outcome)
        {
            return null;
        }

        return member is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean }
            or IPropertySymbol { Type.SpecialType: SpecialType.System_Boolean }
            ? Condition(member, outcome)
            : Unchecked(outcome.Returned.Select(static returned => returned.Value).ToArray());
    }

    /// <summary>Who makes the reference as well makes its target: callers may count on that, and what is wrong is wrong here.</summary>
    private bool IsMade(IOperation operation) => operation is IObjectCreationOperation creation
        && _flow.Roles.TargetOf(creation) is { Kind: WeakTargetKind.Reference };

    /// <summary>Every return is a weak read nobody checked, or null.</summary>
    private static Wrapper? Unchecked(IReadOnlyList<Value> returned)
    {
        Origin? read = null;
        foreach (var value in returned)
        {
            if (value.Null == Nullness.Null || (value.Null == Nullness.NotNull && value.Read is not null))
            {
                continue;
            }

            if (value is not { Null: Nullness.MaybeNull, IsMixed: false, IsDerived: false, Read: { } found })
            {
                return null;
            }

            read = found;
        }

        read ??= returned.Any(static value => value.Null == Nullness.Null)
            ? returned.FirstOrDefault(static value => value is { Null: Nullness.NotNull, Read: not null })?.Read : null;
        return read is null ? null : new Wrapper(WeakReadKind.Value, InnerOf(read.Reference), 0);
    }

    /// <summary>True says that a target was alive, or that it stands in an out parameter; or false says so.</summary>
    private static Wrapper? Condition(ISymbol member, Outcome outcome)
    {
        if (outcome.When(true) is not { } whenTrue || outcome.When(false) is not { } whenFalse)
        {
            return null;
        }

        if (member is IMethodSymbol method)
        {
            foreach (var parameter in method.Parameters)
            {
                if (parameter.RefKind == RefKind.Out && whenTrue[parameter] is { Null: Nullness.NotNull, Read: { } read }
                    && whenFalse[parameter].Null is Nullness.Null or Nullness.MaybeNull)
                {
                    return new Wrapper(WeakReadKind.Try, InnerOf(read.Reference), parameter.Ordinal);
                }
            }
        }

        return Found(outcome, whenTrue, whenFalse, WeakReadKind.Probe) ?? Found(outcome, whenFalse, whenTrue, WeakReadKind.DeadProbe);
    }

    /// <summary>Of several references the one that is met first speaks for the member.</summary>
    private static Wrapper? Found(Outcome outcome, FlowState alive, FlowState dead, WeakReadKind kind)
    {
        foreach (var guard in alive.Guards.Entries())
        {
            if (guard.Value.Kind != GuardKind.Asserted && dead.Guards[guard.Key] is null
                && InnerOf(outcome.Numbers!.Reference(guard.Key)) is { } inner)
            {
                return new Wrapper(kind, inner, 0);
            }
        }

        return null;
    }

    /// <summary>
    /// The members that lead from <c>this</c>, from a parameter, which then is the first, or, when static, from nothing to the
    /// reference.
    /// </summary>
    private static ISymbol[]? InnerOf(Reference? path)
    {
        var members = new Stack<ISymbol>();
        for (; path is not null && !path.Equals(Reference.This); path = path.Parent)
        {
            if (path.Segment is not (IFieldSymbol or IPropertySymbol) && (path.Segment is not IParameterSymbol || path.Parent is not null))
            {
                return null;
            }

            members.Push((ISymbol)path.Segment);
        }

        return members.ToArray();
    }

    private sealed record Wrapper(WeakReadKind Kind, ISymbol[]? Inner, int Ordinal);
}
