#if !NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WeakRefs.Registry;

/// <summary>
/// Mono takes everything on a stack that looks like a reference for one. The frames of earlier calls leave some behind, where the
/// frames of a wait have holes: what a thread looked at last would live as long as it waits.
/// </summary>
internal static class StackCleaner
{
    /// <summary>Overwrites what earlier calls left where those of the next ones will be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Clean()
    {
        Block block = default;
        Touch(ref block);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch(ref Block block) => block.First = 1;

    [StructLayout(LayoutKind.Sequential, Size = 8192)]
    private struct Block
    {
        public long First;
    }
}
#endif
