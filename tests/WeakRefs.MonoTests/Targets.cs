using System.Runtime.ExceptionServices;

namespace WeakRefs.Tests;

/// <summary>
/// Makes objects on threads of their own, because Mono looks for references in everything that is on a stack or in a register:
/// a frame that is gone has left some there.
/// </summary>
internal static class Targets
{
    public static Registration RegisterDead<T>(FinalizationRegistry<T> registry, T held) =>
        InFrame(() => registry.Register(new object(), held));

    public static Registration RegisterDead<T>(FinalizationRegistry<T> registry, T held, object token) =>
        InFrame(() => registry.Register(new object(), held, token));

    public static void RegisterDead(FinalizationRegistry<int> registry, int first, int count) => InFrame(() =>
    {
        for (var i = first; i < first + count; i++)
        {
            registry.Register(new object(), i);
        }
    });

    public static Registration[] RegisterDeadArray(FinalizationRegistry<int> registry, int count) =>
        InFrame(() => Enumerable.Range(0, count).Select(i => registry.Register(new object(), i)).ToArray());

    public static WeakRef<object> MakeDead() => InFrame(() => new WeakRef<object>(new object()));

    public static T InFrame<T>(Func<T> action)
    {
        T result = default!;
        InFrame(() => { result = action(); });
        return result;
    }

    public static void InFrame(Action action)
    {
        Exception? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (thrown is not null)
        {
            ExceptionDispatchInfo.Capture(thrown).Throw();
        }
    }
}
