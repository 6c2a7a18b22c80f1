using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>What a finalizer itself, or its part in a SafeHandle, runs.</summary>
internal sealed partial class FinalizerReach
{
    private bool? _neverRuns;
    private bool? _isLasting;

    /// <summary>
    /// The finalizer's name, where a report about it as a whole stands; the first method that a base's finalizer comes to here.
    /// </summary>
    public SyntaxToken Name => Root is not TypeDeclarationSyntax type ? default
        : type.Members.OfType<DestructorDeclarationSyntax>().FirstOrDefault()?.Identifier
            ?? Operations.Select(static reached => reached.Operation.Syntax).First(node => IsIn(node, Root))
                .FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
            {
                MethodDeclarationSyntax method => method.Identifier,
                PropertyDeclarationSyntax property => property.Identifier,
                _ => type.Identifier,
            };

    /// <summary>Whether the object waits for its own finalizer to let go of it: what else that does is never done.</summary>
    public bool NeverRuns(CancellationToken cancel)
    {
        if (_neverRuns is null)
        {
            var holds = new StaticHolds(this, new Retention(Model.Compilation, Known), cancel);
            _neverRuns = Operations.Any(reached => holds.Awaited(reached) is not null && !IsInherited(reached));
        }

        return _neverRuns.Value;
    }

    /// <summary>Whether static variables keep all objects of the type, so that the finalizer does not come to run.</summary>
    public bool IsOfLastingObject => _isLasting ??= Ownerless.IsKeptForGood(Type, Model.Compilation, Known);

    public static FinalizerReach? Of(
        DestructorDeclarationSyntax finalizer,
        SemanticModel model,
        KnownFacts known,
        CancellationToken cancel)
    {
        if (model.GetDeclaredSymbol(finalizer, cancel) is not IMethodSymbol { ContainingType: { TypeKind: TypeKind.Class } type } symbol
            || finalizer.Identifier.ValueText != type.Name || model.GetOperation(finalizer, cancel) is not { } body)
        {
            return null;
        }

        var reach = new FinalizerReach(finalizer.Parent!, model, type, known, cancel);
        reach._walk.Add(symbol, body);
        if (BaseFinalizers.Of(type) is { } inherited)
        {
            reach.Add(inherited, cancel);
        }

        return reach;
    }

    /// <summary>What the finalizer of a base runs in this declaration of a type; null where it comes to nothing there.</summary>
    public static FinalizerReach? OfBase(TypeDeclarationSyntax part, INamedTypeSymbol type, IMethodSymbol finalizer,
        SemanticModel model, KnownFacts known, CancellationToken cancel)
    {
        var reach = new FinalizerReach(part, model, type, known, cancel) { IsOfBase = true };
        reach.Add(finalizer, cancel);
        return reach.Operations.Any(reached => IsIn(reached.Operation.Syntax, part)) ? reach : null;
    }

    /// <summary>A base's finalizer: its body, or the <c>Dispose(false)</c> that those of the framework call.</summary>
    private void Add(IMethodSymbol finalizer, CancellationToken cancel)
    {
        if (finalizer.DeclaringSyntaxReferences.IsEmpty)
        {
            if (BaseFinalizers.DisposeOf(finalizer.ContainingType) is { } dispose && Override(dispose) is { Parameters.Length: 1 } here)
            {
                _walk.AddCall(here.OriginalDefinition, false);
            }
        }
        else if (Code.Operations.Of(Model.Compilation, finalizer.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is { } body)
        {
            _walk.Add(finalizer.OriginalDefinition, body);
        }
    }

    /// <summary>
    /// What the <c>ReleaseHandle</c> of a SafeHandle runs, which is part of its finalizer; null where this declaration adds nothing
    /// to it.
    /// </summary>
    public static FinalizerReach? OfRelease(
        TypeDeclarationSyntax declaration,
        SemanticModel model,
        KnownFacts known,
        CancellationToken cancel)
    {
        if (model.GetDeclaredSymbol(declaration, cancel) is not INamedTypeSymbol type || !Finalizable.IsSafeHandle(type)
            || ReleaseOf(type) is not { } release || release.DeclaringSyntaxReferences[0].GetSyntax(cancel) is not { } syntax
            || (SymbolEqualityComparer.Default.Equals(release.ContainingType, type) && !IsIn(syntax, declaration))
            || Code.Operations.Of(model, syntax, cancel) is not { } body)
        {
            return null;
        }

        var reach = new FinalizerReach(declaration, model, type, known, cancel);
        reach._walk.Add(release, body);
        return reach;
    }

    /// <summary>
    /// Whether a call on an object with a finalizer of its own leads there: what it does is that finalizer's matter, and to call it is
    /// wrong anyway.
    /// </summary>
    public static bool IsOfFinalizable(Reached reached, CancellationToken cancel)
    {
        for (var frame = reached.CallFrame; frame is { HopsAway: > 0, Call: { } call }; frame = frame.Caller)
        {
            var instance = call is IInvocationOperation invocation ? invocation.Instance : (call as IMemberReferenceOperation)?.Instance;
            if (instance is not (null or IInstanceReferenceOperation) && Finalizable.IsOrdinary(instance.Type, cancel))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The type's own <c>ReleaseHandle</c> or that of a source base.</summary>
    private static IMethodSymbol? ReleaseOf(INamedTypeSymbol type)
    {
        for (var current = type; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers("ReleaseHandle"))
            {
                if (member is IMethodSymbol { IsOverride: true, IsAbstract: false, DeclaringSyntaxReferences.IsEmpty: false } method)
                {
                    return method;
                }
            }
        }

        return null;
    }
}
