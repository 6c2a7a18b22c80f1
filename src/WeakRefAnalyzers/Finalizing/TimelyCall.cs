using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// A call that others wait for, so that it must not wait for a collection: it releases a resource or a lock, deletes a
/// file or commits. Not one that undoes what the same code did: a lock that it took, an object that it made.
/// </summary>
internal static class TimelyCall
{
    /// <summary>
    /// The first such call of a callback, where its registry is not just the safety net of targets that can be released
    /// without it.
    /// </summary>
    public static TimelyFinding? Find(CleanupCallback cleanup, INamedTypeSymbol? type, KnownFacts known, CancellationToken cancel)
    {
        if (type is null || FinalizerReach.OfCallback(cleanup.Callback, type, known, cancel) is not { } reach)
        {
            return null;
        }

        foreach (var reached in reach.Operations)
        {
            if (NameOf(reached, reach.Operations) is { } name)
            {
                return ExplicitRelease.HasOtherWay(cleanup, known, cancel) ? null : new TimelyFinding(name, reach.SiteOf(reached));
            }
        }

        return null;
    }

    /// <summary>The name of what is called; null for any other operation.</summary>
    private static string? NameOf(Reached reached, IReadOnlyList<Reached> all)
    {
        var (operation, frame) = reached;
        if (ReleaseCall.Of(operation) is { } release)
        {
            return release.Values.Any(value => Vocabulary.IsCollectorHandle(value.Type)) || IsOwn(release.Values, frame, all)
                ? null : release.Name;
        }

        return operation switch
        {
            IInvocationOperation { TargetMethod: var method } call when Vocabulary.IsTimely(method)
                && !IsOwn(ValuesOf(call), frame, all) => method.Name,

            // A method of other code that is itself the callback.
            IMethodReferenceOperation { Method: { DeclaringSyntaxReferences.IsEmpty: true }
                or { IsExtern: true } } reference when frame.Body == operation
                && (Vocabulary.IsTimely(reference.Method) || ReleaseCall.IsRelease(reference.Method)) => reference.Method.Name,
            _ => null,
        };
    }

    private static bool IsOwn(IReadOnlyList<IOperation> values, CallFrame frame, IReadOnlyList<Reached> all)
    {
        if (values.Count == 0)
        {
            return false;
        }

        var origin = Provenance.Of(values[0], frame);
        if (origin is IObjectCreationOperation or IInvocationOperation)
        {
            return true;
        }

        var text = values[0].Syntax.ToString();
        foreach (var (operation, _) in all)
        {
            if (operation is IInvocationOperation acquire && Vocabulary.IsAcquire(acquire.TargetMethod.Name)
                && ValuesOf(acquire) is { Count: > 0 } gates
                && gates[0].Syntax.ToString() == text)
            {
                return true;
            }
        }

        return false;
    }

    private static List<IOperation> ValuesOf(IInvocationOperation invocation)
    {
        List<IOperation> values = invocation.Instance is { } instance ? [instance] : [];
        values.AddRange(invocation.Arguments.Select(argument => argument.Value));
        return values;
    }
}

/// <summary>A call in a cleanup callback that others wait for.</summary>
/// <param name="Name">What is called.</param>
/// <param name="Site">The operation in the callback that leads there.</param>
internal sealed record TimelyFinding(string Name, IOperation Site);
