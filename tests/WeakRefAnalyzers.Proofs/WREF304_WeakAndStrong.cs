namespace WeakRefAnalyzers.Proofs;

public class WREF304_WeakAndStrongProof
{
    private const string Program = """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;

        public static class Program
        {
            public static string Run()
            {
                var document = new WeakReference<object>(null);
                Open(document);
                Viewer.Show(document);
                for (var i = 0; i < 3; i++)
                    Gc.Collect();
                return document.TryGetTarget(out _) ? "still alive after 3 collections" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static void Open(WeakReference<object> document) => document.SetTarget(new object());
        }

        """;

    [Fact]
    public async Task TheStaticListKeepsTheTarget() => await Proof.RunAsync<WREF304_WeakAndStrong>(
        Program + """
        public static class Viewer
        {
            static readonly List<object> s_shown = new();

            [MethodImpl(MethodImplOptions.NoInlining)]
            public static void Show(WeakReference<object> reference)
            {
                if (reference.TryGetTarget(out var document)) // flagged
                    s_shown.Add(document);
            }
        }
        """,
        "still alive after 3 collections",
        Program + """
        public static class Viewer
        {
            static readonly List<WeakReference<object>> s_shown = new();

            [MethodImpl(MethodImplOptions.NoInlining)]
            public static void Show(WeakReference<object> reference)
            {
                if (reference.TryGetTarget(out _))
                    s_shown.Add(reference);
            }
        }
        """);
}
