using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime;

namespace WeakRefs.Tests;

/// <summary>
/// Random operations by four threads on registries and a cache, with forced collections and random Dispose. In the end
/// every registration must be accounted for: called once, cancelled, or alive.
/// </summary>
/// <remarks><c>dotnet run -c Release --project tests/WeakRefs.Tests -- stress 600</c> runs it for ten minutes.</remarks>
internal sealed class Stress
{
    private const int Threads = 4, Registries = 3, MostRegistrations = 400_000;

    private readonly int[] _calls = new int[MostRegistrations];
    private readonly bool[] _isRegistered = new bool[MostRegistrations];
    private readonly bool[] _isCancelled = new bool[MostRegistrations];
    private readonly bool[] _mayBeCancelled = new bool[MostRegistrations];
    private readonly ConcurrentQueue<List<int>> _partlyCancelled = new();
    private readonly Epoch[] _epochOf = new Epoch[MostRegistrations];

    /// <summary>Where some may be kept by chance, to tell whether they are.</summary>
    private readonly WeakReference?[] _targets = Collector.Missable > 0 ? new WeakReference?[MostRegistrations] : [];
    private readonly Epoch[] _epochs = new Epoch[Registries];
    private readonly WeakCache<int, CacheValue> _cache = new(100);
    private readonly Random _random;
    private int _count;
    private string? _error;

    private Stress(int seed)
    {
        _random = new Random(seed);
        for (var i = 0; i < _epochs.Length; i++)
        {
            _epochs[i] = new Epoch(this);
        }
    }

    private int Count => Math.Min(_count, MostRegistrations);

    public static int Run(double seconds)
    {
        Console.WriteLine($"server: {GCSettings.IsServerGC}, concurrent: {GCSettings.LatencyMode == GCLatencyMode.Interactive}");
        var watch = Stopwatch.StartNew();
        long registrations = 0, calls = 0, cancelled = 0, disposed = 0;
        var rounds = 0;
        while (rounds == 0 || watch.Elapsed.TotalSeconds < seconds)
        {
            Stress stress = new(rounds);
            stress.Round(TimeSpan.FromSeconds(Math.Min(seconds, 2)));
            if (stress._error is not null)
            {
                Console.WriteLine($"round {rounds}: {stress._error}");
                return 1;
            }

            rounds++;
            registrations += stress.Count;
            calls += stress._calls.Sum();
            cancelled += stress._isCancelled.Count(c => c);
            disposed += stress._epochOf.Take(stress.Count).Count(epoch => epoch is { IsDisposed: true });
        }

        Console.Error.WriteLine(
            $"{rounds} rounds, {registrations} registrations: {calls} called, {cancelled} cancelled, {disposed} in disposed registries");
        Console.WriteLine("every registration accounted for");
        return 0;
    }

    private void Round(TimeSpan duration)
    {
        var stop = false;
        var threads = new Thread[Threads];
        var workers = new Worker[Threads];
        for (var i = 0; i < Threads; i++)
        {
            var worker = workers[i] = new Worker(this, _random.Next());
            threads[i] = new Thread(() =>
            {
                try
                {
                    while (!Volatile.Read(ref stop) && worker.Step())
                    {
                    }
                }
                catch (Exception exception)
                {
                    Fail(exception.ToString());
                }
            });
            threads[i].Start();
        }

        Thread.Sleep(duration);
        Volatile.Write(ref stop, true);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        Check(workers);
        foreach (var worker in workers)
        {
            worker.DropAll();
        }

        var watch = Stopwatch.StartNew();
        while (_error is null && Missing() is { } missing)
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(60))
            {
                if (OnlyStaleSlotsHoldTheRest())
                {
                    break;
                }

                Fail($"registration {missing} was neither called nor cancelled");
            }

            Collector.Collect();
            Thread.Sleep(1);
        }

        while (_error is null && _cache.Count > 100)
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(60))
            {
                Fail($"the cache keeps {_cache.Count} entries");
            }

            Collector.Collect();
            Thread.Sleep(1);
        }

        foreach (var ids in _partlyCancelled)
        {
            if (ids.All(id => _calls[id] > 0))
            {
                Fail("a token cancelled nothing and said it did");
            }
        }

        for (var i = 0; i < Count; i++)
        {
            if (_calls[i] > 1 || _calls[i] == 1 && _isCancelled[i])
            {
                Fail($"registration {i}: {_calls[i]} calls, cancelled: {_isCancelled[i]}");
            }
        }

        foreach (var epoch in _epochs)
        {
            epoch.Registry.Dispose();
        }

        _cache.Dispose();
    }

    /// <summary>While the threads rest: nothing alive was called.</summary>
    private void Check(Worker[] workers)
    {
        Collector.Collect();
        foreach (var worker in workers)
        {
            foreach (var id in worker.LiveIds)
            {
                if (Volatile.Read(ref _calls[id]) > 0)
                {
                    Fail($"registration {id} was called while its target lives");
                }
            }
        }
    }

    private int? Missing()
    {
        for (var i = 0; i < Count; i++)
        {
            if (IsMissing(i))
            {
                return i;
            }
        }

        return null;
    }

    private bool IsMissing(int i) =>
        _isRegistered[i] && Volatile.Read(ref _calls[i]) == 0 && !_isCancelled[i] && !_mayBeCancelled[i] && !_epochOf[i].IsDisposed;

    /// <summary>Where all that looks like a pointer counts as one, a few targets stay alive by chance: no call is due for them.</summary>
    private bool OnlyStaleSlotsHoldTheRest()
    {
        var missing = Enumerable.Range(0, Count).Where(IsMissing).ToArray();
        return missing.Length <= Collector.Missable && Array.TrueForAll(missing, id => _targets[id] is { IsAlive: true });
    }

    private void Called(int id)
    {
        if (Interlocked.Increment(ref _calls[id]) != 1)
        {
            Fail($"registration {id} was called twice");
        }
    }

    private void Fail(string error) => Interlocked.CompareExchange(ref _error, error, null);

    /// <summary>A registry, and whether Dispose was called for it.</summary>
    private sealed class Epoch
    {
        private int _inside;

        public Epoch(Stress stress)
        {
            Registry = new FinalizationRegistry<int>(id =>
            {
                if (Interlocked.Exchange(ref _inside, 1) != 0)
                {
                    stress.Fail("two callbacks of one registry overlap");
                }

                stress.Called(id);
                Volatile.Write(ref _inside, 0);
                if (id % 1000 == 0)
                {
                    throw new OperationCanceledException();
                }
            });
            Registry.CleanupFailed += (_, failure) =>
            {
                if (failure.Exception is not OperationCanceledException || (int)failure.HeldValue! % 1000 != 0)
                {
                    stress.Fail(failure.Exception.ToString());
                }
            };
        }

        public FinalizationRegistry<int> Registry { get; }

        public volatile bool IsDisposed;
    }

    private sealed record CacheValue(int Key);

    /// <summary>Some targets come back from the dead once.</summary>
    private sealed class Target
    {
        private bool _wasFinalized;

        ~Target()
        {
            if (_wasFinalized)
            {
                return;
            }

            _wasFinalized = true;
            GC.ReRegisterForFinalize(this);
        }
    }

    private sealed class Worker(Stress stress, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<(object Target, Registration Registration, int Id)> _live = [];
        private readonly List<(object? Target, object Token, List<int> Ids, Epoch Epoch)> _withToken = [];
        private readonly List<(Registration Registration, int Id)> _dead = [];

        public IEnumerable<int> LiveIds =>
            _live.Select(live => live.Id).Concat(_withToken.Where(t => t.Target is not null).SelectMany(t => t.Ids));

        public void DropAll()
        {
            _live.Clear();
            _withToken.Clear();
            _dead.Clear();
        }

        /// <summary>One operation; false if no numbers are left.</summary>
        public bool Step()
        {
            var epoch = Volatile.Read(ref stress._epochs[_random.Next(Registries)]);
            switch (_random.Next(1000))
            {
                case < 300: // Dead at once.
                    if (Register(epoch, new object(), null) is not { } dead)
                    {
                        break;
                    }

                    if (dead.Id < 0)
                    {
                        return false;
                    }

                    if (_dead.Count < 1000)
                    {
                        _dead.Add(dead);
                    }
                    else
                    {
                        _dead[_random.Next(_dead.Count)] = dead;
                    }

                    break;
                case < 450:
                    var target = _random.Next(10) == 0 ? new Target() : new object();
                    if (Register(epoch, target, null) is not { } live)
                    {
                        break;
                    }

                    if (live.Id < 0)
                    {
                        return false;
                    }

                    _live.Add((target, live.Registration, live.Id));
                    break;
                case < 550: // Let a target die.
                    if (_live.Count > 0)
                    {
                        TakeRandom(_live);
                    }

                    break;
                case < 650: // Cancel for a live one: it must succeed, unless the registry was disposed.
                    if (_live.Count > 0)
                    {
                        var (kept, registration, id) = TakeRandom(_live);
                        var cancelled = registration.Unregister();
                        if (cancelled)
                        {
                            stress._isCancelled[id] = true;
                        }
                        else if (!stress._epochOf[id].IsDisposed)
                        {
                            stress.Fail($"registration {id} could not be cancelled while its target lives");
                        }

                        GC.KeepAlive(kept);
                    }

                    break;
                case < 750: // Cancel for a dead one: a race with its call.
                    if (_dead.Count > 0)
                    {
                        var (registration, id) = TakeRandom(_dead);
                        if (registration.Unregister())
                        {
                            stress._isCancelled[id] = true;
                        }
                    }

                    break;
                case < 800:
                    if (!RegisterGroup(epoch))
                    {
                        return false;
                    }

                    break;
                case < 850:
                    if (_withToken.Count > 0)
                    {
                        UnregisterGroup();
                    }

                    break;
                case < 960:
                    UseCache();
                    break;
                case < 990:
                    epoch.Registry.CleanupSome(_random.Next(50));
                    break;
                case < 997:
                    GC.Collect(_random.Next(100) switch { < 80 => 0, < 95 => 1, _ => 2 }, GCCollectionMode.Forced, _random.Next(4) != 0);
                    break;
                default:
                    if (_random.Next(500) == 0)
                    {
                        DisposeOne();
                    }

                    break;
            }

            return stress._error is null;
        }

        private (Registration Registration, int Id)? Register(Epoch epoch, object target, object? token)
        {
            var id = Interlocked.Increment(ref stress._count) - 1;
            if (id >= MostRegistrations)
            {
                return (default, -1);
            }

            stress._epochOf[id] = epoch;
            try
            {
                var registration = token is null
                    ? epoch.Registry.Register(target, id)
                    : epoch.Registry.Register(target, id, token);
                if (stress._targets.Length > 0)
                {
                    stress._targets[id] = new WeakReference(target, trackResurrection: true);
                }

                stress._isRegistered[id] = true;
                return (registration, id);
            }
            catch (ObjectDisposedException) when (epoch.IsDisposed)
            {
                return null;
            }
        }

        /// <summary>Several registrations under one token, which sometimes is the target.</summary>
        private bool RegisterGroup(Epoch epoch)
        {
            object target = new(), token = _random.Next(2) == 0 ? target : new object();
            List<int> ids = [];
            for (var i = _random.Next(1, 5); i > 0; i--)
            {
                if (Register(epoch, target, token) is not { } registered)
                {
                    continue;
                }

                if (registered.Id < 0)
                {
                    return false;
                }

                ids.Add(registered.Id);
            }

            _withToken.Add((token == target || _random.Next(2) == 0 ? target : null, token, ids, epoch));
            return true;
        }

        private void UnregisterGroup()
        {
            var (target, token, ids, epoch) = TakeRandom(_withToken);
            if (ids.Count == 0)
            {
                return;
            }

            var any = epoch.Registry.Unregister(token);
            if (epoch.Registry.Unregister(token))
            {
                stress.Fail("a token was good for two cancellations");
            }

            if (target is not null && !any && !epoch.IsDisposed)
            {
                stress.Fail("a token found nothing while the target lives");
            }

            if (target is not null && any)
            {
                foreach (var id in ids)
                {
                    stress._isCancelled[id] = true;
                }
            }
            else if (any)
            {
                // Some may have been called before, or be called just now; which ones, nobody can say yet.
                foreach (var id in ids)
                {
                    stress._mayBeCancelled[id] = true;
                }

                stress._partlyCancelled.Enqueue(ids);
            }

            GC.KeepAlive(target);
        }

        private void UseCache()
        {
            var key = _random.Next(500);
            CacheValue? value = null;
            switch (_random.Next(20))
            {
                case 0:
                    stress._cache.Remove(key);
                    break;
                case 1:
                    if (_random.Next(1000) == 0)
                    {
                        stress._cache.Clear();
                    }

                    break;
                case < 6:
                    stress._cache.Set(key, new CacheValue(key));
                    break;
                case < 10:
                    value = stress._cache.GetOrAdd(key, static k => new CacheValue(k));
                    break;
                default:
                    stress._cache.TryGet(key, out value);
                    break;
            }

            if (value is not null && value.Key != key)
            {
                stress.Fail($"the cache has the value of {value.Key} under {key}");
            }
        }

        private void DisposeOne()
        {
            var place = _random.Next(Registries);
            Epoch next = new(stress), old = Interlocked.Exchange(ref stress._epochs[place], next);
            old.IsDisposed = true;
            old.Registry.Dispose();
        }

        private T TakeRandom<T>(List<T> list)
        {
            var i = _random.Next(list.Count);
            var item = list[i];
            list[i] = list[^1];
            list.RemoveAt(list.Count - 1);
            return item;
        }
    }
}
