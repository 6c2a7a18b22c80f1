using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The static event holds the view until its finalizer unsubscribes it, and the finalizer waits until nobody holds it.</summary>
internal static class WREF508
{
    private static int _finalized;

    private static event Action? Saved;

    private sealed class View
    {
        private int _saves;

        public View() => Saved += OnSaved;

        ~View()
        {
            Saved -= OnSaved; // WREF508
            _finalized++;
        }

        private void OnSaved() => _saves++;
    }

    public static void Run()
    {
        Open();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Saved?.Invoke();
        Console.WriteLine($"  {_finalized} of 10 views were finalized, {Saved?.GetInvocationList().Length ?? 0} still listen");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open()
    {
        for (var i = 0; i < 10; i++)
        {
            _ = new View();
        }
    }
}
