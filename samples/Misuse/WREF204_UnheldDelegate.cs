using System;

namespace Misuse;

/// <summary>Nobody holds the delegate: the listener lives and is not called.</summary>
internal static class WREF204
{
    public static void Run()
    {
        var source = new Source();
        var listener = new Listener(source);
        GC.Collect();
        source.Raise();
        Console.WriteLine($"  raised once, the listener heard it {listener.Calls} times");
    }

    private sealed class Source
    {
        private WeakReference<Action>? _handler;

        public void Subscribe(WeakReference<Action> handler) => _handler = handler;

        public void Raise()
        {
            if (_handler is { } weak && weak.TryGetTarget(out var handler))
            {
                handler();
            }
        }
    }

    private sealed class Listener
    {
        public Listener(Source source)
        {
            source.Subscribe(new WeakReference<Action>(OnRaised)); // WREF204
        }

        public int Calls { get; private set; }

        private void OnRaised() => Calls++;
    }
}
