using System;

namespace Safe;

/// <summary>The subscription ends when it is disposed; there is no finalizer to find its objects gone.</summary>
internal static class WREF503
{
    private sealed class Source
    {
        public int Subscribers { get; set; }
    }

    private sealed class Subscription : IDisposable
    {
        private Source? _source;

        public Subscription(Source source)
        {
            _source = source;
            source.Subscribers++;
        }

        public void Dispose()
        {
            if (_source is { } source)
            {
                _source = null;
                source.Subscribers--;
            }
        }
    }

    public static void Run()
    {
        var source = new Source();
        for (var i = 0; i < 10; i++)
        {
            using var subscription = new Subscription(source);
        }

        Console.WriteLine("All subscriptions are gone; subscribers left: " + source.Subscribers);
    }
}
