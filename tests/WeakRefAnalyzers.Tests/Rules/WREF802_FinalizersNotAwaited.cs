namespace WeakRefAnalyzers.Tests;

public class WREF802_FinalizersNotAwaitedTests
{
    [Fact]
    public Task Message_and_causes() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics("""
        class Item
        {
            public static int Finalized;
            ~Item() => {|#1:Finalized|}++;
        }
        class C
        {
            int M()
            {
                {|#2:GC.Collect()|};
                return {|#0:Item.Finalized|};
            }
        }
        """,
        Verify<WREF802_FinalizersNotAwaited>.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithMessage(
            "'Item.Finalized' is written by the finalizer of 'Item', which runs on another thread some time after GC.Collect "
                + "returned; call GC.WaitForPendingFinalizers before reading it"));

    [Theory]
    [InlineData("GC.Collect(); Use([|s_count|]);")]
    [InlineData("GC.Collect(2, GCCollectionMode.Forced); if ([|s_count|] == 0) return;")]
    [InlineData("GC.Collect(); GC.Collect(); Use([|s_count|]); Use(s_count);")]
    [InlineData("GC.Collect(); Use([|Log|].Count);")]
    [InlineData("GC.Collect(); Use([|Done|]);")]
    [InlineData("GC.Collect(); Use([|s_disposed|]);")]
    public Task Reports_what_a_finalizer_writes(string statements) => Verify<WREF802_FinalizersNotAwaited>.Diagnostics(Source(statements));

    [Theory]
    [InlineData("GC.Collect(); GC.WaitForPendingFinalizers(); Use(s_count);")]
    [InlineData("GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); Use(s_count);")]
    [InlineData("GC.Collect(); Wait(); Use(s_count);")]
    [InlineData("GC.Collect(); Thread.Sleep(100); Use(s_count);")]
    [InlineData("while (s_count == 0) GC.Collect(); Use(s_count);")]
    [InlineData("Use(s_count); GC.Collect();")]
    [InlineData("GC.Collect(); Use(s_other);")]
    [InlineData("GC.Collect(); s_count = 0;")]
    [InlineData("Collect(); Use(s_count);")]
    public Task Silent_otherwise(string statements) => Verify<WREF802_FinalizersNotAwaited>.Diagnostics(Source(statements));

    [Fact]
    public Task Silent_where_an_object_has_no_finalizer_to_call_it() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics("""
        class Base { }
        class Plain : Base { public Plain(Action call) => call(); }
        class C
        {
            static bool s_done;
            static void M() { new Plain(() => s_done = true); GC.Collect(); Console.WriteLine(s_done); }
        }
        """);

    [Fact]
    public Task Follows_what_a_finalizer_calls_and_with_what() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics("""
        class Base
        {
            public static int Late, Early, Nested;
            ~Base() => Dispose(false);
            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                {
                    Early++;
                }
                Late++;
                System.Threading.Tasks.Task.Run(() => Nested++);
            }
        }
        class C
        {
            void A()
            {
                GC.Collect();
                Console.WriteLine([|Base.Late|]);
            }
            void B()
            {
                GC.Collect();
                Console.WriteLine(Base.Early);
            }
            void D()
            {
                GC.Collect();
                Console.WriteLine([|Base.Nested|]);
            }
        }
        """);

    [Fact]
    public Task Knows_cleanup_callbacks() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics("""
        class C
        {
            private static int s_cleaned;
            private static readonly FinalizationRegistry<int> Registry = new(held => s_cleaned += held);
            void Field()
            {
                GC.Collect();
                Console.WriteLine([|s_cleaned|]);
            }
            void Local(object o)
            {
                var cleaned = false;
                var registry = new FinalizationRegistry<int>(_ => cleaned = true);
                registry.Register(o, 1);
                GC.Collect();
                Console.WriteLine([|cleaned|]);
            }
            void Given()
            {
                var finalized = false;
                new Canary(() => finalized = true);
                GC.Collect();
                Console.WriteLine([|finalized|]);
            }
            void RunsAtOnce()
            {
                var done = false;
                Later(() => done = true);
                GC.Collect();
                Console.WriteLine(done);
            }
            async Task Awaited()
            {
                var finalized = false;
                new Canary(() => finalized = true);
                GC.Collect();
                await Task.Delay(100);
                Console.WriteLine(finalized);
            }
            void Later(Action action) => action();
            class Canary
            {
                private readonly Action _sing;
                public Canary(Action sing) => _sing = sing;
                ~Canary() => _sing();
            }
        }
        """);

    [Theory]
    [InlineData("GC.Collect(); GC.WaitForPendingFinalizers(); Use([|s_cleaned|]);")]
    [InlineData("GC.WaitForPendingFinalizers(); GC.Collect(); Use([|s_cleaned|]);")]
    [InlineData("GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); GC.WaitForPendingFinalizers(); Use([|s_cleaned|]);")]
    [InlineData("GC.Collect(); WaitForFinalizers(); Use([|s_cleaned|]);")]
    [InlineData("GC.Collect(); Registry.CleanupSome(); Use(s_cleaned);")]
    [InlineData("GC.Collect(); Thread.Sleep(500); Use(s_cleaned);")]
    [InlineData("GC.Collect(); Wait(); Use(s_cleaned);")]
    [InlineData("while (s_cleaned == 0) { GC.Collect(); GC.WaitForPendingFinalizers(); } Use(s_cleaned);")]
    [InlineData("GC.Collect(); GC.WaitForPendingFinalizers(); Use(s_vendors);")]
    public Task Waiting_for_finalizers_does_not_wait_for_a_registry(string statements)
        => Verify<WREF802_FinalizersNotAwaited>.Diagnostics($$"""
            class VendorRegistry
            {
                public VendorRegistry([WeakRefs.Annotations.CleanupCallback] Action action) { }
            }
            class C
            {
                static int s_cleaned, s_vendors;
                static readonly FinalizationRegistry<int> Registry = new(held => s_cleaned += held);
                static readonly VendorRegistry Vendor = new(() => s_vendors++);
                void M()
                {
                    {{statements}}
                }
                static void Use(object o) { }
                static void WaitForFinalizers() => GC.WaitForPendingFinalizers();
                static void Wait() { GC.WaitForPendingFinalizers(); Registry.CleanupSome(); }
            }
            """);

    [Fact]
    public Task Message_of_a_callback() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics(
        """
        class C
        {
            static int s_cleaned;
            static readonly FinalizationRegistry<int> Registry = new(held => {|#1:s_cleaned|} += held);
            int M()
            {
                {|#2:GC.Collect()|};
                return {|#0:s_cleaned|};
            }
        }
        """,
        Verify<WREF802_FinalizersNotAwaited>.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithMessage(
            "'s_cleaned' is written by a cleanup callback, which runs on another thread some time after GC.Collect returned; "
                + "poll with a time limit, or call CleanupSome, before reading it"));

    [Fact]
    public Task Old_and_broken_code() => Verify<WREF802_FinalizersNotAwaited>.Diagnostics("""
        using System;
        class Item
        {
            public static bool Gone;
            ~Item() { Gone = true; }
        }
        class C
        {
            void M()
            {
                GC.Collect();
                Assert.IsTrue([|Item.Gone|]);
                Missing(
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3, CompilerErrors = true });

    private static string Source(string statements) => $$"""
        class Item
        {
            ~Item()
            {
                C.s_count++;
                C.Log.Add("gone");
                C.Done = true;
                Dispose(false);
            }
            private void Dispose(bool disposing) => C.s_disposed = true;
        }
        class C
        {
            internal static int s_count;
            internal static int s_other;
            internal static bool s_disposed;
            internal static readonly List<string> Log = new();
            internal static bool Done { get; set; }
            void M()
            {
                {{statements}}
            }
            static void Use(object o) { }
            static void Wait() => GC.WaitForPendingFinalizers();
            static void Collect() { }
        }
        """;
}
