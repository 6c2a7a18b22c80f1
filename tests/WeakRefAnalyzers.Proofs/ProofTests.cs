namespace WeakRefAnalyzers.Proofs;

/// <summary>The harness itself: what it must notice, and the conditions that make proofs repeatable.</summary>
public class ProofTests
{
    private const string Harmless = """
        public static class Program
        {
            public static string Run() => "";
        }
        """;

    [Fact]
    public void CodeIsOptimizedFromTheFirstCall()
        => Assert.Equal("false", (string?)AppContext.GetData("System.Runtime.TieredCompilation"), ignoreCase: true);

    [Fact]
    public async Task AProgramWithoutDamageProvesNothing()
        => await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Proof.RunAsync<WREF205_LongReference>(Harmless, "damage", Harmless));

    [Fact]
    public async Task ADamageThatIsNotFlaggedProvesNothing()
        => await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Proof.RunAsync<WREF205_LongReference>(
            Harmless.Replace("\"\";", "\"damage\"; // flagged"), "damage", Harmless));

    [Fact]
    public async Task ACorrectionThatDoesNotHelpProvesNothing()
    {
        const string Program = """
            public static class Program
            {
                public static string Run()
                {
                    _ = new WeakReference(new object(), true); // flagged
                    return "damage";
                }
            }
            """;
        var thrown = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() =>
            Proof.RunAsync<WREF205_LongReference, WREF205_DropTracking>(Program, "damage"));
        Assert.Contains("still damage", thrown.Message);
        thrown = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
            () => Proof.RunAsync<WREF205_LongReference>(Program, "damage", Program.Replace("\"damage\"", "\"\"")));
        Assert.Contains("still reports", thrown.Message);
    }

    [Fact]
    public async Task AnExceptionIsADamageHereAndInAProcess()
    {
        const string Program = """
            public static class Program
            {
                public static string Run()
                {
                    _ = new WeakReference(new object(), true); // flagged
                    throw new TimeoutException("damage");
                }
            }
            """;
        await Proof.RunAsync<WREF205_LongReference>(Program, "TimeoutException", Harmless);
        await Proof.RunAsync<WREF205_LongReference>(Program, "TimeoutException", Harmless, ownProcess: true);
    }
}
