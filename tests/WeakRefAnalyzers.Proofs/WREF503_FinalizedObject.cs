namespace WeakRefAnalyzers.Proofs;

public class WREF503_FinalizedObjectProof
{
    [Fact]
    public async Task TheChildIsFinalizedFirst() => await Proof.RunAsync<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>(
        """
        using System;
        using System.Runtime.CompilerServices;

        public sealed class Child
        {
            private bool _closed;

            public void Flush() => Program.Late += _closed ? 1 : 0;

            ~Child() => _closed = true;
        }

        public class Parent : IDisposable
        {
            private readonly Child _child;

            // Made before its parent or after it: which of the two is finalized first is the collector's choice.
            public Parent(Child? child) => _child = child ?? new Child();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                _child.Flush(); // flagged
            }

            ~Parent() => Dispose(false);
        }

        public static class Program
        {
            public static int Late;

            public static string Run()
            {
                Make();
                Gc.Collect();
                return Late == 0 ? "" : "used after its finalizer";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make()
            {
                for (var i = 0; i < 100; i++)
                {
                    GC.KeepAlive(new Parent(new Child()));
                    GC.KeepAlive(new Parent(null));
                }
            }
        }
        """,
        "used after its finalizer");

    [Fact]
    public async Task AWeakReferenceIsEmptyThoughItsTargetLives() => await Proof.RunAsync<WREF503_FinalizedObject>(
        """
        using System;
        using System.Runtime.CompilerServices;

        public sealed class Source
        {
            public int Subscribers;
        }

        public sealed class Subscription
        {
            private readonly WeakReference<Source> _source;

            public Subscription(Source source)
            {
                _source = new WeakReference<Source>(source);
                source.Subscribers++;
            }

            ~Subscription()
            {
                if (_source.TryGetTarget(out var source)) // flagged
                {
                    source.Subscribers--;
                }
            }
        }

        public static class Program
        {
            public static string Run()
            {
                var source = new Source();
                Make(source);
                Gc.Collect();
                return source.Subscribers == 0 ? "" : "never unsubscribed";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make(Source source) => GC.KeepAlive(new Subscription(source));
        }
        """,
        "never unsubscribed",
        """
        using System;
        using System.Runtime.CompilerServices;

        public sealed class Source
        {
            public int Subscribers;
        }

        public sealed class Subscription : IDisposable
        {
            private readonly Source _source;

            public Subscription(Source source)
            {
                _source = source;
                source.Subscribers++;
            }

            public void Dispose() => _source.Subscribers--;
        }

        public static class Program
        {
            public static string Run()
            {
                var source = new Source();
                Make(source);
                Gc.Collect();
                return source.Subscribers == 0 ? "" : "never unsubscribed";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make(Source source)
            {
                using var subscription = new Subscription(source);
            }
        }
        """);
}
