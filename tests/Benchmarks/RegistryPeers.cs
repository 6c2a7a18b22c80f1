using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace Benchmarks;

/// <summary>What the registries have in common. Implemented by structs, so that calls are direct.</summary>
internal interface IRegistryPeer<TSelf, THandle>
{
    static abstract TSelf Create(Action<int> callback);

    THandle Register(object target, int held);

    void Register(object target, int held, object token);

    bool Unregister(THandle handle);

    bool UnregisterToken(object token);

    bool HasTokens { get; }
}

internal readonly struct WeakRefsPeer(Action<int> callback) : IRegistryPeer<WeakRefsPeer, Registration>
{
    private readonly FinalizationRegistry<int> _registry = new(callback);

    public static WeakRefsPeer Create(Action<int> callback) => new(callback);

    public bool HasTokens => true;

    public Registration Register(object target, int held) => _registry.Register(target, held);

    public void Register(object target, int held, object token) => _registry.Register(target, held, token);

    public bool Unregister(Registration handle) => handle.Unregister();

    public bool UnregisterToken(object token) => _registry.Unregister(token);
}

/// <summary>
/// What one would write without this library: a table that attaches a finalizable object to the target, and a work item
/// that runs the callbacks, so that they are not run on the finalizer thread.
/// </summary>
internal readonly struct TablePeer(Action<int> callback) : IRegistryPeer<TablePeer, TablePeer.Node>
{
    private readonly ConditionalWeakTable<object, Node> _table = [];
    private readonly Queue _queue = new(callback);

    public static TablePeer Create(Action<int> callback) => new(callback);

    public bool HasTokens => false;

    public Node Register(object target, int held)
    {
        Node node = new(_queue, held);
        _table.Add(target, node);
        return node;
    }

    public void Register(object target, int held, object token) => throw new NotSupportedException();

    public bool Unregister(Node handle)
    {
#pragma warning disable CA1816 // The handle is what is registered here, and this is how it is taken back.
        GC.SuppressFinalize(handle);
#pragma warning restore CA1816
        return true;
    }

    public bool UnregisterToken(object token) => throw new NotSupportedException();

    internal sealed class Node(Queue queue, int held)
    {
        ~Node() => queue.Enqueue(held);
    }

    internal sealed class Queue(Action<int> callback) : IThreadPoolWorkItem
    {
        private readonly ConcurrentQueue<int> _values = new();
        private int _isScheduled;

        public void Enqueue(int held)
        {
            _values.Enqueue(held);
            if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Execute()
        {
            do
            {
                while (_values.TryDequeue(out var held))
                {
                    callback(held);
                }

                Volatile.Write(ref _isScheduled, 0);
            }
            while (!_values.IsEmpty && Interlocked.Exchange(ref _isScheduled, 1) == 0);
        }
    }
}
