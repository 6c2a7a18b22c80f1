namespace WeakRefAnalyzers.Proofs;

public class WREF701_UnfreedHandleProof
{
    [Fact]
    public Task ADependentHandle() => Proof.RunAsync<WREF701_UnfreedHandle, WREF701_EndHandle>(
        """
        public static class Program
        {
            public static string Run()
            {
                var target = new object();
                var dependent = Attach(target);
                Gc.Collect();
                var leaked = dependent.TryGetTarget(out _);
                GC.KeepAlive(target);
                return leaked ? "the dependent is still alive, and nothing leads to it any more" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference<object> Attach(object target)
            {
                var note = new object();
                Scope.Use(target, note);
                return new WeakReference<object>(note);
            }
        }

        public static class Scope
        {
            public static void Use(object target, object note)
            {
                var handle = new System.Runtime.DependentHandle(target, note); // flagged
                if (handle.Dependent is null)
                {
                    throw new InvalidOperationException();
                }
            }
        }
        """,
        "the dependent is still alive, and nothing leads to it any more");

    [Fact]
    public Task AWeakHandle() => Proof.RunAsync<WREF701_UnfreedHandle, WREF701_EndHandle>(
        """
        public static class Program
        {
            public static string Run()
            {
                using var counter = new HandleCounter();
                var before = counter.Count();
                Make(20_000);
                Gc.Collect();
                var more = counter.Count() - before;
                return more < 10_000 ? "" : "20000 handles more, and no owner left";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    GC.KeepAlive(new Owner(new object()).Target);
                }
            }
        }

        public sealed class Owner
        {
            private readonly GCHandle _handle;

            public Owner(object target)
            {
                _handle = GCHandle.Alloc(target, GCHandleType.Weak); // flagged
            }

            public object Target => _handle.Target;
        }

        /// <summary>The runtime tells the size of its handle table after each collection.</summary>
        public sealed class HandleCounter : System.Diagnostics.Tracing.EventListener
        {
            private readonly AutoResetEvent _counted = new(false);
            private long _handles;

            public long Count()
            {
                for (var i = 0; i < 2; i++)
                {
                    _counted.Reset();
                    GC.Collect();
                    _counted.WaitOne(TimeSpan.FromSeconds(10));
                }

                return Interlocked.Read(ref _handles);
            }

            protected override void OnEventSourceCreated(System.Diagnostics.Tracing.EventSource source)
            {
                if (source.Name == "Microsoft-Windows-DotNETRuntime")
                {
                    EnableEvents(source, System.Diagnostics.Tracing.EventLevel.Informational, (System.Diagnostics.Tracing.EventKeywords)1);
                }
            }

            protected override void OnEventWritten(System.Diagnostics.Tracing.EventWrittenEventArgs data)
            {
                var index = data.PayloadNames?.IndexOf("GCHandleCount") ?? -1;
                if (index >= 0)
                {
                    Interlocked.Exchange(ref _handles, Convert.ToInt64(data.Payload![index]));
                    _counted.Set();
                }
            }
        }
        """,
        "20000 handles more, and no owner left",
        ownProcess: true);
}
