using System;
using System.Linq;
using System.Reflection;

namespace Misuse;

/// <summary>Runs every sample, or those whose ids are given, and prints what goes wrong in each.</summary>
internal static class Program
{
    private static void Main(string[] ids)
    {
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
                Console.WriteLine($"  {exception.GetType().Name}: {exception.Message}");
            }
        }
    }
}
