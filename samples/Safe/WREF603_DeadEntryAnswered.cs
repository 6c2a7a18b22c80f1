using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Safe;

internal static class WREF603
{
    private sealed class Pictures
    {
        private readonly Dictionary<string, WeakReference<byte[]>> _byUrl = new();

        public void Forget(string url) => _byUrl.Remove(url);

        public byte[] Get(string url)
        {
            // A dead entry is as good as none.
            if (_byUrl.TryGetValue(url, out var known) && known.TryGetTarget(out var picture))
            {
                return picture;
            }

            var loaded = new byte[100];
            _byUrl[url] = new WeakReference<byte[]>(loaded);
            return loaded;
        }
    }

    public static void Run()
    {
        var pictures = new Pictures();
        Show(pictures);
        GC.Collect();
        Show(pictures);
        pictures.Forget("logo");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Show(Pictures pictures) => Console.WriteLine($"{pictures.Get("logo").Length} bytes");
}
