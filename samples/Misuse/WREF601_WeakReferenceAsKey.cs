using System;
using System.Collections.Generic;

namespace Misuse;

internal static class WREF601
{
    private static readonly Dictionary<WeakReference<object>, string> Names = new(); // WREF601

    public static void Run()
    {
        var key = new object();
        Names[new WeakReference<object>(key)] = "first";
        Names[new WeakReference<object>(key)] = "second";
        var found = Names.TryGetValue(new WeakReference<object>(key), out var name);
        Console.WriteLine($"{Names.Count} entries for one object; looked up: {(found ? name : "nothing")}");
    }
}
