using System.Diagnostics;
using System.Reflection;
using System.Globalization;
using Xunit;
using Xunit.Sdk;

namespace WeakRefs.Tests;

/// <summary>
/// Runs the tests one after the other, those whose name contains the argument; with <c>stress [seconds]</c> the stress. In
/// place of a runner for xunit, which Mono's smallest installation cannot load.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args.Length > 0 && args[0] == "stress")
        {
            return Stress.Run(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10);
        }

        int passed = 0, failed = 0;
        foreach (var (name, run) in Tests().Where(test => args.Length == 0 || test.Name.Contains(args[0])))
        {
            var watch = Stopwatch.StartNew();
            using Timer timer = new(_ => Console.WriteLine($"  {name} is still running"), null, 20_000, 20_000);
            try
            {
                run();
                passed++;
                if (watch.Elapsed.TotalSeconds > 2)
                {
                    Console.WriteLine($"  {name} took {watch.Elapsed.TotalSeconds:0.0} s");
                }
            }
            catch (Exception exception)
            {
                failed++;
                Console.WriteLine(
                    $"Failed {name}\n{(exception is TargetInvocationException { InnerException: { } inner } ? inner : exception)}");
            }
        }

        Console.WriteLine($"{(failed == 0 ? "Passed!" : "Failed!")}  - Failed: {failed}, Passed: {passed}");
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Name, Action Run)> Tests() =>
        from type in typeof(Program).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.IsDefined(typeof(FactAttribute))
        from data in Rows(method)
        select ($"{type.Name}.{method.Name}({string.Join(", ", data)})", (Action)(() => Run(type, method, data)));

    private static IEnumerable<object?[]> Rows(MethodInfo method)
    {
        var rows = method.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(method)).ToArray();
        return rows.Length == 0 ? [[]] : rows;
    }

    private static void Run(Type type, MethodInfo method, object?[] data)
    {
        var test = method.IsStatic ? null : Activator.CreateInstance(type);
        try
        {
            if (method.Invoke(test, data) is Task task)
            {
                task.GetAwaiter().GetResult();
            }
        }
        finally
        {
            (test as IDisposable)?.Dispose();
        }
    }
}
