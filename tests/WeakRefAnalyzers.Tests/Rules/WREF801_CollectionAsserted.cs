namespace WeakRefAnalyzers.Tests;

public class WREF801_CollectionAssertedTests
{
    /// <summary>Stand-ins for the test frameworks; the rule knows them by their words.</summary>
    private const string Frameworks = """

        static class Assert
        {
            public static void True(bool value) { }
            public static void False(bool value) { }
            public static void Null(object value) { }
            public static void NotNull(object value) { }
            public static void IsTrue(bool value, string message = "") { }
            public static void IsFalse(bool value, string message = "") { }
            public static void IsNull(object value) { }
            public static void AreEqual(object expected, object actual) { }
            public static void AreNotEqual(object expected, object actual) { }
            public static void That(bool condition) { }
            public static void That(object actual, Constraint constraint, string message = "") { }
            public static void That(Func<bool> actual, Constraint constraint) { }
            public static void Multiple(Action block) { }
            public static void Fail(string message) { }
        }
        class Constraint { public Constraint After(int delay) => this; }
        static class Is
        {
            public static Constraint True => null;
            public static Constraint False => null;
            public static Constraint Null => null;
            public static Constraint EqualTo(object value) => null;
            public static class Not { public static Constraint True => null; public static Constraint Null => null; }
        }
        static class Fluent
        {
            public static Fluent<T> Should<T>(this T value) => null;
            public static void ShouldBeFalse(this bool value) { }
        }
        class Fluent<T>
        {
            public void BeFalse(string because = "") { }
            public void BeTrue() { }
            public void BeNull() { }
            public void NotBeNull() { }
            public void Be(bool value) { }
        }
        class Item { public Item Next; public void Use() { } ~Item() { } }
        """;

    [Theory]
    [InlineData("Assert.False([|w.IsAlive|]);")]
    [InlineData("Assert.True(![|w.IsAlive|]);")]
    [InlineData("Assert.Null([|w.Target|]);")]
    [InlineData("Assert.True([|w.Target|] == null);")]
    [InlineData("Assert.False([|w.Target|] != null);")]
    [InlineData("Assert.True([|w.Target|] is null);")]
    [InlineData("Assert.False([|w.Target|] is not null);")]
    [InlineData("Assert.False([|w.Target|] is Item);")]
    [InlineData("Assert.IsFalse([|w.IsAlive|], \"alive\");")]
    [InlineData("Assert.IsNull([|w.Target|]);")]
    [InlineData("Assert.AreEqual(false, [|w.IsAlive|]);")]
    [InlineData("Assert.AreEqual(null, [|w.Target|]);")]
    [InlineData("Assert.AreNotEqual(true, [|w.IsAlive|]);")]
    [InlineData("Assert.That([|w.IsAlive|], Is.False);")]
    [InlineData("Assert.That([|w.IsAlive|], Is.Not.True, \"True\");")]
    [InlineData("Assert.That([|w.IsAlive|], Is.EqualTo(false));")]
    [InlineData("Assert.That([|w.Target|], Is.Null);")]
    [InlineData("Assert.That(![|w.IsAlive|]);")]
    [InlineData("Assert.That(() => [|w.IsAlive|], Is.False.After(100));")]
    [InlineData("Assert.Multiple(() => { Assert.That([|w.IsAlive|], Is.False); });")]
    [InlineData("[|w.IsAlive|].Should().BeFalse(\"it is not True\");")]
    [InlineData("[|w.IsAlive|].Should().Be(false);")]
    [InlineData("[|w.Target|].Should().BeNull();")]
    [InlineData("[|w.IsAlive|].ShouldBeFalse();")]
    [InlineData("System.Diagnostics.Debug.Assert(![|w.IsAlive|]);")]
    [InlineData("System.Diagnostics.Trace.Assert([|w.Target|] == null, \"leak\");")]
    [InlineData("if ([|w.IsAlive|]) throw new Exception();")]
    [InlineData("if ([|w.Target|] != null) { Assert.Fail(\"leak\"); }")]
    [InlineData("bool alive = [|w.IsAlive|]; Assert.False(alive);")]
    [InlineData("Assert.True(new[] { 1 }.All(_ => ![|w.IsAlive|]));")]
    [InlineData("Assert.False(new[] { 1 }.Any(_ => [|w.IsAlive|]));")]
    [InlineData("var left = [|w.Target|]; Assert.Null(left);")]
    public Task Reports_assertions_that_it_is_dead(string assertion) => Verify<WREF801_CollectionAsserted>.Diagnostics(Test($$"""
        var item = new Item();
        var w = new WeakReference(item);
        item = null;
        GC.Collect();
        {{assertion}}
        """));

    [Theory]
    [InlineData("Assert.True(w.IsAlive);")]
    [InlineData("Assert.NotNull(w.Target);")]
    [InlineData("Assert.AreEqual(true, w.IsAlive);")]
    [InlineData("Assert.That(w.IsAlive, Is.True);")]
    [InlineData("Assert.That(w.IsAlive);")]
    [InlineData("Assert.That(w.Target, Is.Not.Null);")]
    [InlineData("w.IsAlive.Should().BeTrue();")]
    [InlineData("w.Target.Should().NotBeNull();")]
    [InlineData("Console.WriteLine(w.IsAlive);")]
    [InlineData("if (!w.IsAlive) throw new Exception();")]
    [InlineData("if (w.Target is Item i) i.Use();")]
    [InlineData("while (w.IsAlive) GC.Collect();")]
    public Task Silent_where_it_is_alive_or_nothing_is_asserted(string statement)
        => Verify<WREF801_CollectionAsserted>.Diagnostics(Test($$"""
            var item = new Item();
            var w = new WeakReference(item);
            item = null;
            GC.Collect();
            {{statement}}
            """));

    [Theory]
    [InlineData("var w = new WeakReference<Item>(item);", "Assert.False([|w.TryGetTarget(out _)|]);")]
    [InlineData("var w = new WeakReference<Item>(item);", "[|w.TryGetTarget(out var left)|]; Assert.Null(left);")]
    [InlineData("var w = new WeakRef<Item>(item);", "Assert.Null([|w.Deref()|]);")]
    [InlineData("var w = WeakRef.Create(item);", "Assert.False([|w.TryGetTarget(out _)|]);")]
    [InlineData("var w = GCHandle.Alloc(item, GCHandleType.Weak);", "Assert.Null([|w.Target|]);")]
    public Task Knows_every_weak_reference(string make, string assertion) => Verify<WREF801_CollectionAsserted>.Diagnostics(Test($$"""
        var item = new Item();
        {{make}}
        GC.Collect();
        {{assertion}}
        """));

    [Fact]
    public Task Message_and_cause() => Verify<WREF801_CollectionAsserted>.Diagnostics(Test("""
        var item = {|#1:new Item()|};
        var w = new WeakReference(item);
        item = null;
        GC.Collect();
        Assert.False({|#0:w.IsAlive|});
        """),
        new DiagnosticResult("WREF801", DiagnosticSeverity.Warning).WithLocation(0).WithLocation(1).WithMessage(
            "'w.IsAlive' may still find 'item' alive, since unoptimized code keeps what a method made alive until the method "
                + "returns; create the object in a static NoInlining function"));

    [Fact]
    public Task Reports_a_plain_return() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            bool M()
            {
                var w = new WeakReference(new object());
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return ![|w.IsAlive|];
            }
        }
        """);

    [Fact]
    public Task Reports_a_field_that_is_nulled() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            private object _item;
            private WeakReference _reference;
            void M()
            {
                _item = new object();
                _reference = new WeakReference(_item);
                _item.ToString();
                this._item = null;
                GC.Collect();
                Assert.False([|_reference.IsAlive|]);
            }
            void StillHeld()
            {
                _item = new object();
                _reference = new WeakReference(_item);
                GC.Collect();
                Assert.False(_reference.IsAlive);
            }
            void MadeInSetUp()
            {
                _reference = new WeakReference(_item);
                _item = null;
                GC.Collect();
                Assert.False(_reference.IsAlive);
            }
        }
        """ + Frameworks);

    [Fact]
    public Task Reports_a_local_from_a_call_and_a_collection_in_a_helper() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            void M()
            {
                var item = Make();
                var w = new WeakReference(item);
                Assert.True(w.IsAlive);
                GC.KeepAlive(item);
                item = null;
                CollectAll();
                Assert.False([|w.IsAlive|]);
            }
            Item Make() => new Item();
            static void CollectAll()
            {
                for (var i = 0; i < 3; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); }
            }
        }
        """ + Frameworks);

    /// <summary>Neither the test nor what asserts names a weak reference: both use a type that is one.</summary>
    [Fact]
    public async Task Reports_an_assertion_in_another_file()
    {
        var compilation = Contract.Whole.Compile([
            ("/Usings.cs", References.Usings),
            ("/Fact.cs", "class FactAttribute : Attribute { }"),
            ("/Test.cs", "class C { [Fact] void M() { var item = new object(); var w = new Tracked(item); item = null; "
                + "GC.Collect(); Check.Dead(w); } }"),
            ("/Tracked.cs", "class Tracked : WeakReference { public Tracked(object item) : base(item) { } }"),
            ("/Check.cs", "static class Check { public static void Dead(Tracked w) { Debug.Assert(!w.IsAlive); } }"),
        ]);

        var reports = await Contract.Whole.AnalyzeAsync(compilation);

        Assert.Equal("/Test.cs", Assert.Single(reports, static report => report.Id == "WREF801").Location.SourceTree?.FilePath);
    }

    [Fact]
    public Task Silent_when_made_in_another_frame() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Make() => new WeakReference(new object());
            void Helper()
            {
                var w = Make();
                GC.Collect();
                Assert.False(w.IsAlive);
            }
            void Lambda()
            {
                WeakReference w = null;
                Action make = () => { var item = new object(); w = new WeakReference(item); };
                make();
                GC.Collect();
                Assert.False(w.IsAlive);
            }
            void Local()
            {
                WeakReference w = null;
                void Make() { var item = new object(); w = new WeakReference(item); GC.KeepAlive(item); }
                Make();
                GC.Collect();
                Assert.False(w.IsAlive);
            }
            void Parameter(object item)
            {
                var w = new WeakReference(item);
                item = null;
                GC.Collect();
                Assert.False(w.IsAlive);
            }
        }
        """ + Frameworks);

    [Fact]
    public Task Silent_when_used_later_or_not_collected() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            void KeptAlive()
            {
                var item = new Item();
                var w = new WeakReference(item);
                GC.Collect();
                Assert.Null(w.Target);
                GC.KeepAlive(item);
            }
            void Using()
            {
                using var item = new MemoryStream();
                var w = new WeakReference(item);
                GC.Collect();
                Assert.Null(w.Target);
            }
            void Before()
            {
                var item = new Item();
                var w = new WeakReference(item);
                Assert.Null(w.Target);
                GC.Collect();
            }
            void Cleared()
            {
                var w = new WeakReference(null);
                GC.Collect();
                Assert.Null(w.Target);
            }
        }
        """ + Frameworks);

    [Fact]
    public Task Knows_a_real_await() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            async Task Suspends()
            {
                var item = new Item();
                var w = new WeakReference(item);
                item = null;
                await Task.Delay(100);
                GC.Collect();
                Assert.False(w.IsAlive);
            }
            async Task SuspendsInTheLoop()
            {
                var item = new Item();
                var w = new WeakReference(item);
                item = null;
                for (var i = 0; i < 10 && w.IsAlive; i++) { GC.Collect(); await Task.Yield(); }
                Assert.False(w.IsAlive);
            }
            async Task DoesNot()
            {
                await Task.Delay(1);
                var item = new Item();
                var w = new WeakReference(item);
                item = null;
                await Task.CompletedTask;
                GC.Collect();
                Assert.False([|w.IsAlive|]);
            }
            async Task HoistedInDebug()
            {
                var item = new Item();
                var w = new WeakReference(item);
                await Task.Delay(1);
                GC.Collect();
                Assert.False([|w.IsAlive|]);
            }
        }
        """ + Frameworks);

    [Fact]
    public Task Reports_inside_one_lambda() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            void M() => Invoke(() =>
            {
                var item = new Item();
                var w = new WeakReference(item);
                item = null;
                GC.Collect();
                Assert.False([|w.IsAlive|]);
            });
            void Invoke(Action action) => action();
        }
        """ + Frameworks);

    [Fact]
    public Task Reports_in_half_built_code() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class C
        {
            void M()
            {
                var item = new Missing();
                var w = new WeakReference(item);
                item = null;
                GC.Collect();
                Unknown.Assert.That([|w.IsAlive|], Is.False);
                w.
            }
        }
        """, new Options { CompilerErrors = true });

    [Fact]
    public Task Reports_in_old_code() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        using System;
        using System.Diagnostics;
        class C
        {
            void M()
            {
                object item = new object();
                WeakReference w = new WeakReference(item);
                item = null;
                GC.Collect();
                Debug.Assert(![|w.IsAlive|]);
            }
        }
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task Knows_configured_types() => Verify<WREF801_CollectionAsserted>.Diagnostics("""
        class Weak { public Weak(object target) { } public object Target => null; }
        class C
        {
            void M()
            {
                var item = new object();
                var w = new Weak(item);
                GC.Collect();
                System.Diagnostics.Debug.Assert([|w.Target|] == null);
            }
        }
        """, new Options { EditorConfig = "weakref_analyzers.reference_types = Weak" });

    [Fact]
    public Task Fix_moves_everything_that_touches_the_object_and_Trivia_stays()
        => Verify<WREF801_CollectionAsserted, WREF801_CreateElsewhere>.Fix("""
            class C
            {
                void First(string name)
                {
                    // The item.
                    var item = new List<string>();
                    item.Add(name); // and its name
                    var w = new WeakReference(item);
                    Assert.True(w.IsAlive);
                    item = null;

                    // Now it should go.
                    GC.Collect();
                    Assert.False([|w.IsAlive|]);
                }

                void Second()
                {
                    var w = new WeakReference<object>(new object());
                    GC.Collect();
                    Assert.False([|w.TryGetTarget(out _)|]);
                }
            }
            """ + Frameworks, """
            class C
            {
                void First(string name)
                {
                    // The item.
                    var w = CreateItem(name);

                    // Now it should go.
                    GC.Collect();
                    Assert.False(w.IsAlive);

                    [MethodImpl(MethodImplOptions.NoInlining)]
                    static WeakReference CreateItem(string name)
                    {
                        var item = new List<string>();
                        item.Add(name); // and its name
                        var w = new WeakReference(item);
                        Assert.True(w.IsAlive);
                        return w;
                    }
                }

                void Second()
                {
                    var w = CreateObject();
                    GC.Collect();
                    Assert.False(w.TryGetTarget(out _));

                    [MethodImpl(MethodImplOptions.NoInlining)]
                    static WeakReference<object> CreateObject()
                    {
                        var w = new WeakReference<object>(new object());
                        return w;
                    }
                }
            }
            """ + Frameworks);

    [Fact]
    public Task Fix_of_a_field_uses_this() => Verify<WREF801_CollectionAsserted, WREF801_CreateElsewhere>.Fix("""
        class C
        {
            private object _item;
            private WeakReference _reference;
            void M()
            {
                _item = new object();
                _reference = new WeakReference(_item);
                var text = _item.ToString();
                Console.WriteLine(text);
                _item = null;
                GC.Collect();
                Assert.False([|_reference.IsAlive|]);
            }
        }
        """ + Frameworks, """
        class C
        {
            private object _item;
            private WeakReference _reference;
            void M()
            {
                CreateItem();
                GC.Collect();
                Assert.False(_reference.IsAlive);

                [MethodImpl(MethodImplOptions.NoInlining)]
                void CreateItem()
                {
                    _item = new object();
                    _reference = new WeakReference(_item);
                    var text = _item.ToString();
                    Console.WriteLine(text);
                    _item = null;
                }
            }
        }
        """ + Frameworks);

    [Fact]
    public Task No_fix_where_more_than_the_reference_is_used_later()
        => Verify<WREF801_CollectionAsserted, WREF801_CreateElsewhere>.NoFix(Test("""
            var item = new Item();
            var next = item.Next;
            var w = new WeakReference(item);
            item = null;
            GC.Collect();
            Assert.False([|w.IsAlive|]);
            next.Use();
            """));

    [Fact]
    public Task No_fix_before_CSharp_9() => Verify<WREF801_CollectionAsserted, WREF801_CreateElsewhere>.NoFix("""
        using System;
        class C
        {
            bool M()
            {
                WeakReference w = new WeakReference(new object());
                GC.Collect();
                return [|w.IsAlive|];
            }
        }
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    private static string Test(string body)
        => "class C\n{\n    void M()\n    {\n        " + body.Replace("\n", "\n        ") + "\n    }\n}" + Frameworks;

    [Fact]
    public Task OnlyWhereItIsOptimized() => Verify<WREF801_CollectionAsserted>.Diagnostics(Test("""
        var item = new Item();
        var w = new WeakReference(item);
        item = null;
        GC.Collect();
        #if !DEBUG
        Assert.False(w.IsAlive);
        #endif
        #if DEBUG
        #else
        Assert.False(w.IsAlive);
        #endif
        #if !OTHER
        Assert.False([|w.IsAlive|]);
        #endif
        """));
}
