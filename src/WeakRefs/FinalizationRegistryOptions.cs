using System.Diagnostics;

namespace WeakRefs;

/// <summary>Options of a <see cref="FinalizationRegistry{THeld}"/>.</summary>
/// <remarks>
/// A registry reads them once, when it is made, and does not keep them. Do not change them on one thread while another makes a registry.
/// </remarks>
[DebuggerDisplay("Scheduler: {Scheduler}")]
public sealed class FinalizationRegistryOptions
{
    /// <summary>
    /// Where the callbacks run. <see langword="null"/>, the default, means the library's own background thread, which all
    /// registries without a scheduler share and which does not depend on the thread pool; keep callbacks short there,
    /// because a callback that blocks holds up the others.
    /// </summary>
    /// <remarks>
    /// With a scheduler the registry queues one task for all callbacks that are due, so they still do not overlap. Pass
    /// <see cref="TaskScheduler.Default"/> for the thread pool, or
    /// <see cref="TaskScheduler.FromCurrentSynchronizationContext"/> for the thread of a user interface.
    /// </remarks>
    public TaskScheduler? Scheduler { get; set; }
}
