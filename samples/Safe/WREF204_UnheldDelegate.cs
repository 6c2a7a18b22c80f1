using System;

namespace Safe;

/// <summary>The listener holds its delegate: the two live and die together.</summary>
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
        private readonly Action _onRaised;

        public Listener(Source source)
        {
            _onRaised = OnRaised;
            source.Subscribe(new WeakReference<Action>(_onRaised));
        }

        public int Calls { get; private set; }

        private void OnRaised() => Calls++;
    }
}
