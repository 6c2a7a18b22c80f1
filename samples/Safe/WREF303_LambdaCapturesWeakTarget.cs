using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The handler goes through the weak reference for all it does.</summary>
internal static class WREF303
{
    public static void Run()
    {
        var source = new Source();
        var view = Open(source);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        source.Change();
        Console.WriteLine($"The view was closed. Still in memory: {view.TryGetTarget(out _)}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<View> Open(Source source) => new View(source).Self;

    private sealed class Source
    {
        public event EventHandler? Changed;

        public void Change() => Changed?.Invoke(this, EventArgs.Empty);
    }

    private sealed class View
    {
        public View(Source source)
        {
            var weak = new WeakReference<View>(this);
            source.Changed += (_, _) =>
            {
                if (weak.TryGetTarget(out var view))
                {
                    view.Refresh();
                }
            };
            Self = weak;
        }

        public WeakReference<View> Self { get; }

        private void Refresh() => Console.WriteLine("The closed view refreshes.");
    }
}
