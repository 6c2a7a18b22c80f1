using System;
using System.Runtime.CompilerServices;

namespace Safe;

internal static class WREF601
{
    private static readonly ConditionalWeakTable<object, string> Names = new();

    public static void Run()
    {
        var key = new object();
        Names.AddOrUpdate(key, "first");
        Names.AddOrUpdate(key, "second");
        Console.WriteLine(Names.TryGetValue(key, out var name) ? name : "nothing");
    }
}
