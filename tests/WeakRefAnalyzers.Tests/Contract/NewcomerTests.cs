namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// What someone types on the first day, with top-level statements: each marked line is reported, once, and no other line is.
/// </summary>
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

    /// <summary>The five mistakes that articles on JavaScript's WeakRef warn of, typed by somebody who comes from there.</summary>
    [Fact]
    public Task TheFiveMistakes() => Check("""
        var user = new User("Ada", File.OpenRead("ada.txt"));
        Cleanup.Watch(user);
        Cleanup.Keep(user);
        Console.WriteLine(Settings.Current);
        Settings.Print();
        var number = new WeakReference(42);                                                          // WREF201
        Roles.Of[new WeakReference<User>(user)] = "admin";                                           // WREF601
        Console.WriteLine(Roles.Of.TryGetValue(new WeakReference<User>(user), out var role) ? role : "none");

        record User(string Name, FileStream File);

        static class Cleanup
        {
            private static readonly FinalizationRegistry<FileStream> s_files = new(file => file.Close()); // WREF404
            private static readonly FinalizationRegistry<User> s_users = new(user => Console.WriteLine($"{user.Name} is gone"));
            public static void Watch(User user) => s_files.Register(user, user.File);
            public static void Keep(User user) => s_users.Register(user, user);                      // WREF301
        }

        class Config { public string Setting = "dark"; }

        static class Settings
        {
            private static readonly Config s_default = new();
            private static WeakRef<Config> s_config = new(new Config());                             // WREF203
            private static readonly WeakReference<Config> s_fixed = new(s_default);                  // WREF202
            public static string Current => s_config.Deref()!.Setting;                               // WREF101
            public static void Use(Config config) => s_config = new(config);
            public static void Print()
            {
                Console.WriteLine(s_config.Deref()!.Setting);                                        // WREF101
                s_fixed.TryGetTarget(out var config);
                Console.WriteLine(config.Setting);                                                   // WREF104
            }
        }

        static class Roles
        {
            public static Dictionary<WeakReference<User>, string> Of { get; } = new();
        }
        """);

    /// <summary>A report is expected on each line that ends with its id.</summary>
    private static async Task Check(string source)
    {
        var compilation = Whole.Compile([("Program.cs", source), ("Usings.cs", References.Usings)]);
        compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
        Assert.DoesNotContain(compilation.GetDiagnostics(), static error => error.Severity == DiagnosticSeverity.Error);
        var lines = source.Split('\n');
        var found = await Whole.AnalyzeAsync(compilation);
        var marked = lines.SelectMany(static line => Page.MarksOf(line).Select(id => $"{id} {line.Trim()}"));
        var reported = found.Select(report => $"{report.Id} {lines[report.Location.GetLineSpan().StartLinePosition.Line].Trim()}");
        Assert.Equal(string.Join('\n', marked), string.Join('\n', reported));
    }
}
