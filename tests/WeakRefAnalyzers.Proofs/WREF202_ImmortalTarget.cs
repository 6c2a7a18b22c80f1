namespace WeakRefAnalyzers.Proofs;

public class WREF202_ImmortalTargetProof
{
    [Fact]
    public Task ALiteral() => Proof.RunAsync<WREF202_ImmortalTarget>(
        Program("\"report\"); // flagged"),
        "still alive after 5 collections",
        Program("Make());"));

    [Fact]
    public Task ACachedDelegate() => Proof.RunAsync<WREF202_ImmortalTarget>(
        Program("(Action)(() => { })); // flagged"),
        "still alive after 5 collections",
        Program("Make());"));

    private static string Program(string target) => $$"""
        public static class Program
        {
            public static string Run()
            {
                var entry = new Entry();
                Gc.Collect();
                return entry.IsAlive ? "still alive after 5 collections" : "";
            }
        }

        public sealed class Entry
        {
            private readonly WeakReference _target = new WeakReference({{target}}

            public bool IsAlive => _target.IsAlive;

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static object Make() => new string('r', 6);
        }
        """;
}
