namespace WeakRefAnalyzers.Proofs;

public class WREF508_FinalizerWaitsForItselfProof
{
    private const string Run = """

        public static class Program
        {
            public static string Run()
            {
                Open();
                Gc.Collect();
                return View.Count == 0 ? "" : View.Count + " views were never collected";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Open()
            {
                for (var i = 0; i < 10; i++)
                {
                    _ = new View(i);
                }
            }
        }
        """;

    [Fact]
    public Task TheObjectsAreNeverCollected() => Proof.RunAsync<WREF508_FinalizerWaitsForItself>(
        """
        public sealed class View
        {
            private static readonly Dictionary<int, View> s_views = new();
            private readonly int _id;

            public View(int id)
            {
                _id = id;
                lock (s_views)
                {
                    s_views.Add(id, this);
                }
            }

            ~View()
            {
                lock (s_views)
                {
                    s_views.Remove(_id); // flagged
                }
            }

            public static int Count => s_views.Count;
        }
        """ + Run,
        "10 views were never collected",
        """
        public sealed class View
        {
            private static readonly Dictionary<int, WeakReference<View>> s_views = new();
            private readonly int _id;

            public View(int id)
            {
                _id = id;
                lock (s_views)
                {
                    s_views.Add(id, new WeakReference<View>(this));
                }
            }

            ~View()
            {
                lock (s_views)
                {
                    s_views.Remove(_id);
                }
            }

            public static int Count => s_views.Count;
        }
        """ + Run);
}
