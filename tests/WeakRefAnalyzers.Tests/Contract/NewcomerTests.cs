namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What someone types on the first day, with top-level statements: each marked line is reported, once, and no other line is.</summary>
public class NewcomerTests
{
    /// <summary>One <c>GC.Collect</c> excuses the one object that is looked at behind it, not its neighbours.</summary>
    [Fact]
    public Task AnExperimentWithTheCollector() => Check("""
        var user = new User("Ada");
        var number = new WeakReference(42);                                                          // WREF201
        var text = new WeakReference("hello");                                                       // WREF202
        var type = new WeakReference<Type>(typeof(User));                                            // WREF202
        var unheld = new WeakReference<User>(new User("Bob"));                                       // WREF203
        var handler = new WeakReference<Action>(() => Console.WriteLine(user.Name));                 // WREF204
        var registry = new FinalizationRegistry<string>(static name => Console.WriteLine(name));     // WREF401
        registry.Register(user, user.Name, new object());                                            // WREF402
        var handle = GCHandle.Alloc(user, GCHandleType.Weak);                                        // WREF701
        Console.WriteLine(unheld.TryGetTarget(out var bob) ? bob.Name : "gone");

        var watched = new WeakReference(new User("Carl"));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine(watched.IsAlive);
        Console.WriteLine(((User)unheld2.Target).Name);                                              // WREF101

        static partial class Program2 { }
        partial class Program { static WeakReference unheld2 = new WeakReference(new User("Dan")); } // WREF203
        record User(string Name);
        """);

    /// <summary>A report is expected on each line that ends with its id.</summary>
    private static async Task Check(string source)
    {
        var compilation = Whole.Compile([("Program.cs", source), ("Usings.cs", References.Usings)]);
        compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
        Assert.DoesNotContain(compilation.GetDiagnostics(), static error => error.Severity == DiagnosticSeverity.Error);
        var lines = source.Split('\n');
        var found = await Whole.AnalyzeAsync(compilation);
        var marked = lines.Select(static line => line.Split("// WREF") is [_, var id] ? "WREF" + id.Trim() : "");
        var reported = lines.Select((_, index) => string.Join(' ', found.Where(report => report.Location.GetLineSpan().StartLinePosition.Line == index).Select(static report => report.Id)));
        Assert.Equal(lines.Zip(marked, static (line, id) => line + "|" + id), lines.Zip(reported, static (line, id) => line + "|" + id));
    }
}
