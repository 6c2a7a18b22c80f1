namespace WeakRefAnalyzers.Proofs;

public class WREF302_CallbackCapturesTargetProof
{
    [Fact]
    public async Task TheSharedClosureKeepsTheTargetAlive() => await Proof.RunAsync<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>(
        """
        using System;
        using System.Runtime.CompilerServices;
        using WeakRefs;

        public static class Program
        {
            static int s_reported;
            static FinalizationRegistry<int> s_registry;

            public static string Run()
            {
                var document = Open(7);
                for (var i = 0; i < 3; i++)
                {
                    Gc.Collect();
                    s_registry.CleanupSome();
                }

                return document.TryGetTarget(out _) ? "still alive after 3 collections" : s_reported != 7 ? "never reported" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference<Document> Open(int number)
            {
                var id = number;
                var document = new Document();
                Retry(() => document.Load());
                var registry = new FinalizationRegistry<int>(_ => s_reported = id); // flagged
                registry.Register(document, 0);
                s_registry = registry;
                return new WeakReference<Document>(document);
            }

            static void Retry(Action action) => action();
        }

        public sealed class Document
        {
            public void Load() { }
        }
        """,
        "still alive after 3 collections");

    [Fact]
    public async Task AFieldInTheCallbackKeepsThisAlive() => await Proof.RunAsync<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>(
        """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using WeakRefs;

        public static class Program
        {
            public static readonly List<FinalizationRegistry<int>> Registries = new();
            public static int Noted;

            public static string Run()
            {
                var connection = Connect();
                for (var i = 0; i < 3; i++)
                {
                    Gc.Collect();
                    Registries[0].CleanupSome();
                }

                return connection.TryGetTarget(out _) ? "still alive after 3 collections" : Noted != 9 ? "never noted" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference<Connection> Connect() => new WeakReference<Connection>(new Connection(9));
        }

        public sealed class Connection
        {
            readonly int _handle;
            readonly FinalizationRegistry<int> _registry;

            public Connection(int handle)
            {
                _handle = handle;
                _registry = new FinalizationRegistry<int>(_ => Note(_handle)); // flagged
                _registry.Register(this, 0);
                Program.Registries.Add(_registry);
            }

            static void Note(int handle) => Program.Noted = handle;
        }
        """,
        "still alive after 3 collections");
}
