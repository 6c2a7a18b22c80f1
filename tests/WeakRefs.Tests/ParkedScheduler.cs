namespace WeakRefs.Tests;

/// <summary>
/// Never runs anything by itself, so that the background thread finds the dead but runs no callback, and
/// <see cref="FinalizationRegistry{THeld}.CleanupSome"/> has them all.
/// </summary>
internal sealed class ParkedScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = new();

    public static FinalizationRegistryOptions Options => new() { Scheduler = new ParkedScheduler() };

    public int QueuedCount
    {
        get
        {
            lock (_tasks)
            {
                return _tasks.Count;
            }
        }
    }

    /// <summary>Runs on the calling thread what was queued.</summary>
    public void RunQueued()
    {
        while (true)
        {
            Task? task;
            lock (_tasks)
            {
                if (!_tasks.TryDequeue(out task))
                {
                    return;
                }
            }

            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            _tasks.Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
        {
            return _tasks.ToArray();
        }
    }
}
