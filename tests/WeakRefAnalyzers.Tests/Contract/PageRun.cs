using System.Reflection;
using System.Runtime.Loader;

namespace WeakRefAnalyzers.Tests.Contract;

#if ROSLYN_LATEST
/// <summary>Runs a block of a document.</summary>
internal static class PageRun
{
    /// <summary>Stands for the system's, which all tests share.</summary>
    private const string Output = """
        internal static class Console
        {
            public static readonly System.Collections.Concurrent.ConcurrentQueue<string> Lines = new();
            public static void WriteLine(object value) => Lines.Enqueue(value?.ToString() ?? "");
        }
        """;

    /// <summary>What it prints. It runs on a thread of its own, on whose stack nothing else can keep a target alive.</summary>
    public static IReadOnlyList<string> Of(string program)
    {
        var compilation = Whole.Compile([("Page.cs", program), ("Usings.cs", Page.Usings), ("Output.cs", Output)]);
        using var image = new MemoryStream();
        var result = compilation
            .WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release))
            .Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        IReadOnlyList<string> lines = [];
        var thread = new Thread(() => lines = Run(image)) { IsBackground = true };
        thread.Start();
        return thread.Join(TimeSpan.FromMinutes(1)) ? lines : ["… and does not end"];
    }

    private static IReadOnlyList<string> Run(Stream image)
    {
        var context = new AssemblyLoadContext("Page", isCollectible: true);
        try
        {
            var assembly = context.LoadFromStream(image);
            var page = Activator.CreateInstance(assembly.GetType("Page", throwOnError: true)!, nonPublic: true);
            page!.GetType().GetMethod("Run", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Action>(page)();
            return [.. (IEnumerable<string>)assembly.GetType("Console")!.GetField("Lines")!.GetValue(null)!];
        }
        catch (Exception exception)
        {
            return [exception.ToString()];
        }
        finally
        {
            context.Unload();
        }
    }
}
#endif
