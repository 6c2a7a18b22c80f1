using System.Diagnostics;

namespace WeakRefs;

/// <summary>Describes a cleanup callback that threw.</summary>
/// <remarks>Does not change, and may be read on any thread.</remarks>
[DebuggerDisplay("{Exception.GetType().Name,nq}: {Exception.Message,nq}; held value {HeldValue}")]
public sealed class CleanupFailedEventArgs : EventArgs
{
    /// <summary>Makes the description of one failure.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="heldValue">The held value the callback was given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is null.</exception>
    public CleanupFailedEventArgs(Exception exception, object? heldValue)
    {
        Exception = exception ?? throw new ArgumentNullException(nameof(exception));
        HeldValue = heldValue;
    }

    /// <summary>What was thrown.</summary>
    public Exception Exception { get; }

    /// <summary>
    /// The held value the callback was given; <see langword="null"/> also if no callback was involved, because the
    /// configured <see cref="FinalizationRegistryOptions.Scheduler"/> refused the work.
    /// </summary>
    public object? HeldValue { get; }
}
