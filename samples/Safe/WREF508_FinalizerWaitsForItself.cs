using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>Who is done with a view disposes it, and that unsubscribes it.</summary>
internal static class WREF508
{
    private static event Action? Saved;

    private sealed class View : IDisposable
    {
        private int _saves;

        public View() => Saved += OnSaved;

        public void Dispose() => Saved -= OnSaved;

        private void OnSaved() => _saves++;
    }

    public static void Run()
    {
        Open();
        Saved?.Invoke();
        Console.WriteLine($"  {Saved?.GetInvocationList().Length ?? 0} views still listen");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open()
    {
        for (var i = 0; i < 10; i++)
        {
            using var view = new View();
        }
    }
}
