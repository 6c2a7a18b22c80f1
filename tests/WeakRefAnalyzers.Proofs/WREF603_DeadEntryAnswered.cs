namespace WeakRefAnalyzers.Proofs;

public class WREF603_DeadEntryAnsweredProof
{
    private const string Program = """

        public static class Program
        {
            public static string Run()
            {
                var pictures = new Pictures();
                Use(pictures);
                Gc.Collect();
                return IsThere(pictures) ? "" : "the cache answers null for good";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Use(Pictures pictures) => GC.KeepAlive(pictures.Get("logo"));

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static bool IsThere(Pictures pictures) => pictures.Get("logo") != null && pictures.Get("logo") != null;
        }
        """;

    [Fact]
    public Task ThePictureNeverComesBack() => Proof.RunAsync<WREF603_DeadEntryAnswered, WREF603_MakeAgain>(
        """
        public sealed class Pictures
        {
            private readonly Dictionary<string, WeakReference> _byUrl = new();

            public object Get(string url)
            {
                if (_byUrl.TryGetValue(url, out var known))
                {
                    return known.Target; // flagged
                }

                var picture = new object();
                _byUrl.Add(url, new WeakReference(picture));
                return picture;
            }
        }
        """ + Program,
        "the cache answers null for good");

    [Fact]
    public Task GetOrAddNeverReplaces() => Proof.RunAsync<WREF603_DeadEntryAnswered>(
        """
        using System.Collections.Concurrent;

        public sealed class Pictures
        {
            private readonly ConcurrentDictionary<string, WeakReference> _byUrl = new();

            public object Get(string url)
            {
                var entry = _byUrl.GetOrAdd(url, static _ => new WeakReference(new object()));
                return entry.Target; // flagged
            }
        }
        """ + Program,
        "the cache answers null for good",
        """
        using System.Collections.Concurrent;

        public sealed class Pictures
        {
            private readonly ConcurrentDictionary<string, WeakReference> _byUrl = new();

            public object Get(string url)
            {
                while (true)
                {
                    var entry = _byUrl.GetOrAdd(url, static _ => new WeakReference(null));
                    if (entry.Target is { } known)
                    {
                        return known;
                    }

                    var picture = new object();
                    if (_byUrl.TryUpdate(url, new WeakReference(picture), entry))
                    {
                        return picture;
                    }
                }
            }
        }
        """ + Program);
}
