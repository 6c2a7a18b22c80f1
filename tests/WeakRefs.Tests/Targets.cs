using System.Runtime.CompilerServices;

namespace WeakRefs.Tests;

/// <summary>
/// Makes objects in frames of their own, because in a Debug build a local lives to the end of its method.
/// </summary>
internal static class Targets
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Registration RegisterDead<T>(FinalizationRegistry<T> registry, T held) =>
        registry.Register(new object(), held);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Registration RegisterDead<T>(FinalizationRegistry<T> registry, T held, object token) =>
        registry.Register(new object(), held, token);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RegisterDead(FinalizationRegistry<int> registry, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            registry.Register(new object(), i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Registration[] RegisterDeadArray(FinalizationRegistry<int> registry, int count)
    {
        var registrations = new Registration[count];
        for (var i = 0; i < count; i++)
        {
            registrations[i] = registry.Register(new object(), i);
        }

        return registrations;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WeakRef<object> MakeDead() => new(new object());

    /// <summary>Runs it in a frame that is gone on return.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T InFrame<T>(Func<T> action) => action();

    /// <summary>Runs it in a frame that is gone on return.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void InFrame(Action action) => action();
}
