namespace WeakRefAnalyzers.Proofs;

public class WREF501_FinalizerOnlyReleaseProof
{
    [Fact]
    public async Task TheFileStaysOpen() => await Proof.RunAsync<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>(
        """
        using System;
        using System.IO;
        using System.Runtime.CompilerServices;

        public sealed class Log
        {
            private readonly Stream _stream;

            public Log(string path) => _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);

            ~Log() // flagged
            {
                _stream.Dispose();
            }
        }

        public static class Program
        {
            public static string Run()
            {
                var path = Path.GetTempFileName();
                Use(path);
                try
                {
                    File.ReadAllBytes(path);
                    return "";
                }
                catch (IOException)
                {
                    return "still open after its last use";
                }
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Use(string path)
            {
                object log = new Log(path);
                using (log as IDisposable)
                {
                    GC.KeepAlive(log);
                }
            }
        }
        """,
        "still open after its last use");
}
