using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Tests in a process of their own, see <see cref="Program"/>.</summary>
public class ProcessTests
{
    [Fact]
    public void Exit_with_pending_registrations_neither_hangs_nor_calls() =>
        Assert.Equal((0, "exiting"), Run(typeof(Program).Assembly.Location, "exit"));

    [Fact]
    public void A_blocked_finalizer_thread_does_not_stop_the_callbacks() =>
        Assert.Equal(
            (0, "called: True, finalizer thread blocked: True"), Run(typeof(Program).Assembly.Location, "blocked"));

    [Fact]
    public void The_background_thread_lives_only_while_something_is_registered() =>
        Assert.Equal(
            (0, "called: True, ended: True\ncalled: True, ended: True"), Run(typeof(Program).Assembly.Location, "idle"));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Random_operations_under_every_kind_of_collector(bool server, bool concurrent)
    {
        var (exitCode, output) = Run(
            typeof(Program).Assembly.Location,
            ["stress", "1"],
            ("DOTNET_gcServer", server ? "1" : "0"),
            ("DOTNET_gcConcurrent", concurrent ? "1" : "0"));
        Assert.True(exitCode == 0, output);
        Assert.Equal($"server: {server}, concurrent: {concurrent}\nevery registration accounted for", output);
    }

    [Fact]
    public void A_callback_cannot_make_the_thread_keep_the_process() =>
        Assert.Equal((0, ""), Run(typeof(Program).Assembly.Location, "pinned"));

    [Fact]
    public void A_program_that_survives_running_out_of_memory_keeps_its_callbacks() =>
        Assert.Equal(
            (0, "ran out of memory: 20 times, all called"),
            Run(typeof(Program).Assembly.Location, ["memory"], ("DOTNET_GCHeapHardLimit", "0x6000000")));

    [Fact]
    public void A_registry_takes_no_more_memory_on_a_machine_with_many_processors()
    {
        var (exitCode, few) = Run(typeof(Program).Assembly.Location, ["small"], ("DOTNET_PROCESSOR_COUNT", "2"));
        Assert.Equal(0, exitCode);
        (_, var many) = Run(typeof(Program).Assembly.Location, ["small"], ("DOTNET_PROCESSOR_COUNT", "64"));
        Assert.StartsWith("64 processors: ", many);
        Assert.Equal(few.Split(':')[1], many.Split(':')[1]);
    }

    [Fact]
    public void The_meter_tells_what_there_is_and_what_happened()
    {
        (var exitCode, var output) = Run(typeof(Program).Assembly.Location, "meter");
        Assert.True(exitCode == 0, output);
        Assert.Equal(
            """
            weakrefs.cache.entries key.type=System.Int32 value.type=System.Object: 2
            weakrefs.cache.entries key.type=System.String value.type=System.Object: 7
            weakrefs.cache.lookups key.type=System.Int32 value.type=System.Object result=hit: 0
            weakrefs.cache.lookups key.type=System.Int32 value.type=System.Object result=miss: 7
            weakrefs.cache.lookups key.type=System.Int32 value.type=System.Object result=weak_hit: 1
            weakrefs.cache.lookups key.type=System.String value.type=System.Object result=hit: 1
            weakrefs.cache.lookups key.type=System.String value.type=System.Object result=miss: 0
            weakrefs.cache.lookups key.type=System.String value.type=System.Object result=weak_hit: 6
            weakrefs.callback.failures: 3
            weakrefs.callbacks: 33
            weakrefs.registrations: 7
            """.ReplaceLineEndings("\n"),
            output);
    }

    [Fact]
    public void While_nobody_can_listen_the_assembly_with_meters_is_not_loaded() =>
        Assert.Equal((0, "True\nFalse"), Run(typeof(Program).Assembly.Location, "unheard"));

    [Fact]
    public void Who_listens_to_the_meter_and_throws_holds_up_no_callback() =>
        Assert.Equal((0, "all called"), Run(typeof(Program).Assembly.Location, "meter-throwing"));

    [Fact]
    public void Failures_nobody_handles_are_written_to_standard_error_once_each_type()
    {
        (var exitCode, _, var error) = RunAll(typeof(Program).Assembly.Location, ["unobserved"]);
        Assert.Equal(0, exitCode);
        Assert.Equal(2, error.Split('\n').Count(line => line.Contains("nobody handles CleanupFailed")));
        Assert.Contains("even", error);
        Assert.Contains("odd", error);
    }

    [Fact]
    public void The_demo_shows_what_it_promises()
    {
        var demo = typeof(ProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Demo").Value!;
        var (exitCode, output) = Run(demo);
        Assert.True(exitCode == 0, output);
        Assert.Equal(4, output.Split('\n').Count(line => line.StartsWith("== ", StringComparison.Ordinal)));
        Assert.DoesNotContain("UNEXPECTED", output);
    }

    private static (int ExitCode, string Output) Run(string assembly, params string[] arguments) => Run(assembly, arguments, []);

    private static (int ExitCode, string Output) Run(
        string assembly, string[] arguments, params (string Name, string Value)[] environment)
    {
        (var exitCode, var output, var error) = RunAll(assembly, arguments, environment);
        return (exitCode, (exitCode == 0 ? output : output + error).TrimEnd());
    }

    private static (int ExitCode, string Output, string Error) RunAll(
        string assembly, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The process hangs. It wrote: " + output.Result + error.Result);
        }

        return (process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
