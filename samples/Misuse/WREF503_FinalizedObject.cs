using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>A weak reference is empty in its holder's finalizer, though its target lives: nobody ever unsubscribes.</summary>
internal static class WREF503
{
    private sealed class Source
    {
        public int Subscribers { get; set; }
    }

    private sealed class Subscription
    {
        private readonly WeakReference<Source> _source;

        public Subscription(Source source)
        {
            _source = new WeakReference<Source>(source);
            source.Subscribers++;
        }

        ~Subscription()
        {
            if (_source.TryGetTarget(out var source)) // WREF503
            {
                source.Subscribers--;
            }
        }
    }

    public static void Run()
    {
        var source = new Source();
        Subscribe(source);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine("All subscriptions are gone; subscribers left: " + source.Subscribers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Subscribe(Source source)
    {
        for (var i = 0; i < 10; i++)
        {
            GC.KeepAlive(new Subscription(source));
        }
    }
}
