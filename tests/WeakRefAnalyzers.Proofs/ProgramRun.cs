using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

namespace WeakRefAnalyzers.Proofs;

/// <summary>Compiles a program and runs it, here or in a process of its own.</summary>
internal static partial class ProgramRun
{
    /// <summary>The entry point, for a run in its own process.</summary>
    public const string Launcher = """
        internal static class Launcher
        {
            private static void Main() => System.Console.Write("[" + Program.Run() + "]");
        }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<string> RunAsync(Document program, bool ownProcess)
    {
        var compilation = (await program.Project.GetCompilationAsync())!;
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        if (!result.Success)
        {
            var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Assert.Fail($"It does not compile:\n{string.Join('\n', errors)}\n\n{await program.GetTextAsync()}");
        }

        return ownProcess ? await RunProcessAsync(stream.ToArray(), compilation.AssemblyName!) : RunHere(stream.ToArray());
    }

    /// <summary>On a thread of its own: nothing that this one has on its stack can keep a target alive.</summary>
    private static string RunHere(byte[] image)
    {
        var outcome = "";
        var thread = new Thread(() => outcome = LoadAndRun(image)) { IsBackground = true };
        thread.Start();
        return thread.Join(Limit) ? outcome : $"not done after {Limit.TotalSeconds} s";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string LoadAndRun(byte[] image)
    {
        var context = new AssemblyLoadContext("Proof", isCollectible: true);
        try
        {
            var run = context.LoadFromStream(new MemoryStream(image)).GetType("Program", throwOnError: true)!
                .GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
            return run.CreateDelegate<Func<string>>()();
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
        finally
        {
            context.Unload();
        }
    }

    private static async Task<string> RunProcessAsync(byte[] image, string name)
    {
        var folder = Directory.CreateTempSubdirectory("proof");
        try
        {
            var path = Path.Combine(folder.FullName, name + ".dll");
            await File.WriteAllBytesAsync(path, image);
            var runtime = typeof(WeakRefs.WeakRef).Assembly.Location;
            File.Copy(runtime, Path.Combine(folder.FullName, Path.GetFileName(runtime)));
            File.Copy(
                Path.ChangeExtension(typeof(ProgramRun).Assembly.Location, ".runtimeconfig.json"),
                Path.ChangeExtension(path, ".runtimeconfig.json"));
            var start =
                new ProcessStartInfo(Environment.ProcessPath!, [path]) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            {
                start.FileName = "dotnet";
            }

            start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return $"not done after {Limit.TotalSeconds} s";
            }

            var text = await output;
            return Unhandled().Match(await error) is { Success: true } match ? match.Groups[1].Value
                : text is ['[', .., ']'] ? text[1..^1]
                : $"exit code {process.ExitCode}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^Unhandled exception\. (?:[\w`]+\.)*(\w+)", RegexOptions.Multiline)]
    private static partial Regex Unhandled();
}
