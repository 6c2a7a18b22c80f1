using System.Runtime.CompilerServices;

namespace WeakRefs.Cache;

/// <summary>How often an entry was used, up to 7, and whether that was since the strong part looked at it last: in four bits.</summary>
internal static class Uses
{
    /// <summary>Another use changes nothing.</summary>
    public const byte Most = MostCount | Recent;

    public const int MostCount = 7;

    private const byte Recent = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Add(byte uses) => (byte)(Math.Min(Count(uses) + 1, MostCount) | Recent);

    public static int Count(byte uses) => uses & MostCount;

    public static bool IsRecent(byte uses) => (uses & Recent) != 0;

    public static byte Forget(byte uses) => (byte)(uses & MostCount);

    /// <summary>Rounds up: one use is never forgotten, or a newcomer would be as good.</summary>
    public static byte Halve(byte uses) => (byte)((Count(uses) + 1) / 2 | uses & Recent);
}
