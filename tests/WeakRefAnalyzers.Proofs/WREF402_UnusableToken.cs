namespace WeakRefAnalyzers.Proofs;

public class WREF402_UnusableTokenProof
{
    [Fact]
    public Task ABoxedNumber() => Proof.RunAsync<WREF402_UnusableToken>(
        Program("int", "7", "// flagged"), nameof(ArgumentException), Program("object", "new object()", ""));

    [Fact]
    public Task AFreshObject() => Proof.RunAsync<WREF402_UnusableToken>(
        """
        public static class Program
        {
            private static readonly FinalizationRegistry<int> s_registry = new(_ => { });

            public static string Run()
            {
                var order = new List<int>();
                s_registry.Register(order, 1, new object()); // flagged
                var revoked = s_registry.Unregister(new object());
                GC.KeepAlive(order);
                return revoked ? "" : "the registration could not be revoked";
            }
        }
        """,
        "the registration could not be revoked",
        """
        public static class Program
        {
            private static readonly FinalizationRegistry<int> s_registry = new(_ => { });

            public static string Run()
            {
                var order = new List<int>();
                var registration = s_registry.Register(order, 1);
                var revoked = registration.Unregister();
                GC.KeepAlive(order);
                return revoked ? "" : "the registration could not be revoked";
            }
        }
        """);

    private static string Program(string type, string token, string mark) => $$"""
        public static class Program
        {
            private static readonly {{type}} s_token = {{token}};
            private static readonly FinalizationRegistry<int> s_registry = new(_ => { });

            public static string Run()
            {
                var order = new List<int>();
                s_registry.Register(order, 1, s_token); {{mark}}
                var revoked = s_registry.Unregister(s_token);
                GC.KeepAlive(order);
                return revoked ? "" : "the registration could not be revoked";
            }
        }
        """;
}
