using System.Diagnostics;

namespace WeakRefs;

/// <summary>What all registries of the process have in common.</summary>
/// <remarks>All members may be used from any thread.</remarks>
public static class FinalizationRegistry
{
    /// <summary>
    /// Raised for a callback that threw in a registry whose <see cref="FinalizationRegistry{THeld}.CleanupFailed"/> has no
    /// handler. If it has one that threw itself, the exception is an <see cref="AggregateException"/> of both. The sender is
    /// the registry. Without a handler here, or if a handler throws too, the exception is written to
    /// <see cref="Trace.TraceError(string)"/>, and the first of each type of exception to <see cref="Console.Error"/>.
    /// </summary>
    /// <remarks>May be added to and removed from on any thread. Raised on the thread the callback ran on.</remarks>
    public static event EventHandler<CleanupFailedEventArgs>? UnobservedCleanupFailed;

    internal static EventHandler<CleanupFailedEventArgs>? UnobservedHandler => UnobservedCleanupFailed;
}

/// <summary>The last resort for what callbacks throw. Never throws itself.</summary>
internal static class UnobservedFailure
{
    private const int MostTypes = 100;

    /// <summary>Names, because a type would keep its load context.</summary>
    private static readonly HashSet<string> Written = [];

    public static void Report(object sender, CleanupFailedEventArgs failure)
    {
        var exception = failure.Exception;
        try
        {
            if (FinalizationRegistry.UnobservedHandler is { } handler)
            {
                handler(sender, failure);
                return;
            }
        }
        catch (Exception second)
        {
            exception = new AggregateException(exception, second);
        }

        var message = $"A callback of {sender.GetType()} threw and nobody handles CleanupFailed: {exception}";
        try
        {
            Trace.TraceError(message);
        }
        catch (Exception)
        {
            // A listener's trouble must not end the thread all callbacks run on.
        }

        WriteOnce(exception.GetType().ToString(), message);
    }

    private static void WriteOnce(string type, string message)
    {
        lock (Written)
        {
            if (Written.Count == MostTypes || !Written.Add(type))
            {
                return;
            }
        }

        try
        {
            Console.Error.WriteLine(message);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
