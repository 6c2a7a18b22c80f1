namespace WeakRefAnalyzers.Proofs;

public class WREF303_LambdaCapturesWeakTargetProof
{
    [Fact]
    public async Task TheHandlerKeepsItsObjectAlive() => await Proof.RunAsync<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>(
        """
        using System;
        using System.Runtime.CompilerServices;

        public static class Program
        {
            public static string Run()
            {
                var source = new Source();
                var view = Open(source);
                for (var i = 0; i < 3; i++)
                    Gc.Collect();
                var alive = view.TryGetTarget(out _);
                GC.KeepAlive(source);
                return alive ? "still alive after 3 collections" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference<View> Open(Source source) => new WeakReference<View>(new View(source));
        }

        public sealed class Source
        {
            public event EventHandler Changed;
            public void Raise() => Changed(this, null);
        }

        public sealed class View
        {
            int _changes;

            public View(Source source)
            {
                var weak = new WeakReference<View>(this);
                source.Changed += (s, e) => // flagged
                {
                    if (weak.TryGetTarget(out var view))
                        Refresh(_changes++);
                };
            }

            void Refresh(int changes) { }
        }
        """,
        "still alive after 3 collections");
}
