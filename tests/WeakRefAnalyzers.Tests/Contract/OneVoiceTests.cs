namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>Where two rules could speak of one defect, one does: see docs/index.md. Each source is seen by all rules.</summary>
public class OneVoiceTests
{
    [Fact]
    public Task RawHandleWithoutDispose() => Check(
        """
        class Image
        {
            IntPtr _handle;
            ~Image() => Marshal.FreeHGlobal(_handle); // WREF501
        }
        """);

    [Fact]
    public Task RawHandleWithDispose() => Check(
        """
        class Image : IDisposable
        {
            IntPtr _handle;
            public void Dispose() { Marshal.FreeHGlobal(_handle); GC.SuppressFinalize(this); }
            ~Image() => Marshal.FreeHGlobal(_handle); // WREF502
        }
        """);

    /// <summary>
    /// Told to implement IDisposable and to drop the finalizer, nobody needs to hear what else that finalizer does wrong.
    /// </summary>
    [Fact]
    public Task FinalizerThatReleasesFinalizableObjectsOnly() => Check(
        """
        class Recorder
        {
            readonly FileStream _file = File.Create("a");
            ~Recorder() // WREF501
            {
                _file.WriteByte(0);
                _file.Dispose();
            }
        }

        class Owner
        {
            readonly SafeHandle _handle = null;
            ~Owner() => _handle.Dispose(); // WREF501
        }
        """);

    [Fact]
    public Task FinalizerThatReleasesSomethingElseToo() => Check(
        """
        class Recorder
        {
            readonly FileStream _file = File.Create("a");
            IntPtr _memory;
            ~Recorder() // WREF501
            {
                _file.Dispose(); // WREF503
                Marshal.FreeHGlobal(_memory);
            }
        }
        """);

    [Fact]
    public Task FinalizerBesideDispose() => Check(
        """
        class Recorder : IDisposable
        {
            readonly FileStream _file = File.Create("a");
            public void Dispose() => _file.Dispose();
            ~Recorder() => _file.Dispose(); // WREF503
        }
        """);

    [Fact]
    public Task CallbacksOfRegistries() => Check(
        """
        class Item
        {
            public int Id { get; }
            public IntPtr Handle { get; }

            void Timely() { var registry = new FinalizationRegistry<int>(_ => Marshal.FreeHGlobal(Handle)); registry.Register(this, 0); } // WREF404

            void Captures() { var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(Id)); registry.Register(this, 0); } // WREF302

            void Unkept() { var registry = new FinalizationRegistry<int>(static id => Console.WriteLine(id)); registry.Register(this, Id); } // WREF401
        }
        """);

    [Fact]
    public Task KeysAndTargets() => Check(
        """
        class C
        {
            readonly Dictionary<WeakReference<C>, string> _names = new(); // WREF601
            readonly ConditionalWeakTable<object, string> _table = new();

            void Add(C c) => _names[new WeakReference<C>(c)] = "c";
            void Text() => _table.Add("text", "value"); // WREF202
            void Number() => _table.Add(1, "value"); // WREF201
            void Fresh() => _table.Add(new C(), "value"); // WREF203
        }
        """);

    private static async Task Check(string source)
    {
        var lines = source.Split('\n');
        var compilation = AllRulesTests.Compile(source);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static error => error.Severity == DiagnosticSeverity.Error);
        var reported = (await Whole.AnalyzeAsync(compilation)).Select(report =>
            $"{report.Id} {lines[report.Location.GetLineSpan().StartLinePosition.Line].Trim()}");
        Assert.Equal(lines.SelectMany(static line => Page.MarksOf(line).Select(id => $"{id} {line.Trim()}")), reported);
    }
}
