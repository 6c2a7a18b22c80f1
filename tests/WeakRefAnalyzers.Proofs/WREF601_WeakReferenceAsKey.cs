namespace WeakRefAnalyzers.Proofs;

public class WREF601_WeakReferenceAsKeyProof
{
    [Fact]
    public Task A_lookup_misses() => Proof.RunAsync<WREF601_WeakReferenceAsKey, WREF601_UseTable>("""
        using System;
        using System.Collections.Generic;

        public static class Program
        {
            private static readonly Dictionary<WeakReference<object>, string> Names = new(); // flagged

            public static string Run()
            {
                var key = new object();
                Names.Add(new WeakReference<object>(key), "known");
                var found = Names.TryGetValue(new WeakReference<object>(key), out _);
                GC.KeepAlive(key);
                return found ? "" : "not found under the object it was stored for";
            }
        }
        """, "not found under the object it was stored for");
}
