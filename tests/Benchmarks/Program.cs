using BenchmarkDotNet.Running;

namespace Benchmarks;

internal static class Program
{
    private const string Usage = """
        compare [rounds] [peers]   all peers alternately, or the named ones, each in a fresh process; prints the tables (5 rounds)
        peer <name>                one peer once; writes a line per figure
        hits                       how often bounded caches find what they are asked for; prints a table
        parts [...]                BenchmarkDotNet; the rest is passed on
        analyzers <folder> [n]     the analyzers over a folder of sources, beside an empty one and NetAnalyzers (5 warm rounds)
        analyzers-alone <folder> [n] ours and the empty one
        analyzers-own <folder> [n] ours alone: processor time and allocations by action and by rule
        """;

    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["compare", ..]:
                return Comparison.Run(args.Length > 1 ? int.Parse(args[1]) : 5, args.Skip(2).ToArray());
            case ["peer", "registry-weakrefs"]:
                RegistryWork.Run<WeakRefsPeer, WeakRefs.Registration>();
                return 0;
            case ["peer", "registry-table"]:
                RegistryWork.Run<TablePeer, TablePeer.Node>();
                return 0;
            case ["peer", "notification", ..]:
                NotificationWork.Run(args.Length > 2 ? int.Parse(args[2]) : 5000);
                return 0;
            case ["peer", "deref"]:
                DerefWork.Run();
                return 0;
            case ["peer", "cache-weakrefs"]:
                CacheWork.Run(new WeakRefsCachePeer());
                return 0;
            case ["peer", "cache-memory"]:
                CacheWork.Run(new MemoryCachePeer());
                return 0;
            case ["peer", "cache-weakdictionary"]:
                CacheWork.Run(new WeakDictionaryPeer());
                return 0;
            case ["peer", "cache-dictionary"]:
                CacheWork.Run(new DictionaryPeer());
                return 0;
            case ["peer", "cache-lru"]:
                CacheWork.Run(new LruPeer());
                return 0;
            case ["peer", "cache-lfu"]:
                CacheWork.Run(new LfuPeer());
                return 0;
            case ["hits"]:
                HitRateWork.Run();
                return 0;
            case ["analyzers", var folder, ..]:
                return AnalyzerWork.Start(folder, args.Length > 2 ? int.Parse(args[2]) : 5);
            case ["analyzers-here", var folder, var rounds]:
                return AnalyzerWork.Run(folder, int.Parse(rounds));
            case ["analyzers-own", var folder, ..]:
                return AnalyzerWork.RunOwn(folder, args.Length > 2 ? int.Parse(args[2]) : 5);
            case ["analyzers-alone", var folder, ..]:
                return AnalyzerWork.RunAlone(folder, args.Length > 2 ? int.Parse(args[2]) : 5);
            case ["analyzers-small", var folder, var rounds]:
                return AnalyzerWork.RunSmall(folder, int.Parse(rounds));
            case ["parts", ..]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..]);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
