using System;
using System.Linq;
using System.Reflection;

namespace Safe;

/// <summary>Runs every sample, or those whose ids are given; an exception in one of them is a failure.</summary>
internal static class Program
{
    private static int Main(string[] ids)
    {
        var failed = 0;
        var samples = typeof(Program).Assembly.GetTypes()
            .Where(type => type.Name.StartsWith("WREF", StringComparison.Ordinal) && type.DeclaringType is null)
            .Where(type => ids.Length == 0 || ids.Contains(type.Name))
            .OrderBy(type => type.Name, StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            Console.WriteLine($"{sample.Name}:");
            try
            {
                sample.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action>()();
            }
            catch (Exception exception)
            {
                failed++;
                Console.WriteLine($"  {exception.GetType().Name}: {exception.Message}");
            }
        }

        return failed == 0 ? 0 : 1;
    }
}
