using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Flow;

/// <summary>
/// A call that others wait for, so that it must not wait for a collection: it releases a resource or a lock, deletes a
/// file or commits. Not one that undoes what the same code did: a lock that it took, an object that it made.
/// </summary>
internal static class TimelyCall
{
    public static IInvocationOperation? Of(Reached reached, IReadOnlyList<Reached> all)
    {
        if (ReleaseCall.Of(reached.Operation) is { } release)
        {
            return reached.Operation is IInvocationOperation call && !release.Values.Any(value => IsCollectors(value.Type)) && !IsOwn(release.Values, reached.Frame, all) ? call : null;
        }

        return reached.Operation is IInvocationOperation invocation && IsTimely(invocation.TargetMethod) && !IsOwn(ValuesOf(invocation), reached.Frame, all) ? invocation : null;
    }

    private static bool IsTimely(IMethodSymbol method) => method.Name switch
    {
        "ExitReadLock" or "ExitWriteLock" or "ExitUpgradeableReadLock" => true,
        "Exit" => method.ContainingType.Name is "Monitor" or "SpinLock" or "Lock",
        "Delete" => method.ContainingType.Name is "File" or "FileInfo" or "Directory" or "DirectoryInfo" or "FileSystemInfo" && method.ContainingNamespace.Name == "IO",
        "Commit" or "CommitAsync" or "SaveChanges" or "SaveChangesAsync" => true,
        "Complete" => method.ContainingType.Name == "TransactionScope",
        _ => false,
    };

    /// <summary>Handles of the collector itself: nobody waits for them.</summary>
    private static bool IsCollectors(ITypeSymbol? type) => type?.Name is "GCHandle" or "WeakGCHandle" or "DependentHandle" or "PinnedGCHandle";

    private static bool IsOwn(IReadOnlyList<IOperation> values, Frame frame, IReadOnlyList<Reached> all)
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
            if (operation is IInvocationOperation { TargetMethod.Name: "Wait" or "WaitAsync" or "WaitOne" or "Enter" or "TryEnter" or "EnterScope" or "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock" or "TryEnterReadLock" or "TryEnterWriteLock" } acquire
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
