using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// What members of other people's types do, told by their names where nothing else tells. Each list says why its
/// entries are on it; a name that is on none means nothing.
/// </summary>
internal static class Vocabulary
{
    /// <summary>First words of methods that say that they keep what they are given: registrations of all kinds.</summary>
    private static readonly string[] Remembering = ["Subscribe", "Register", "Add", "Attach", "Hook", "Listen", "Observe", "Watch",
        "Connect"];

    /// <summary>
    /// First words of methods that put an object where others find it: collections, pools, queues, schedulers, atomic stores.
    /// </summary>
    private static readonly string[] Publishing =
        ["Add", "TryAdd", "Append", "Enqueue", "Push", "Insert", "Return", "Recycle", "Post", "Queue", "Unsafe", "BeginInvoke",
            "InvokeAsync", "Run", "StartNew", "Schedule", "Store", "Exchange"];

    /// <summary>First words of the members by which an owner gives a resource back, beside Dispose: what people call them.</summary>
    private static readonly string[] Ending =
        ["Dispose", "Close", "Free", "Release", "Destroy", "Shutdown", "ShutDown", "Unload", "Terminate", "Delete", "Cleanup", "CleanUp",
            "Stop", "Detach"];

    /// <summary>
    /// First words of calls that end on a thread what was begun on it: their argument is a cookie and no handle that could be
    /// closed from another.
    /// </summary>
    private static readonly string[] ScopeEnding = ["Deactivate", "Leave", "Pop", "Restore"];

    /// <summary>Native functions that ask or tell something and release nothing, by the words of their names.</summary>
    private static readonly string[] Asking = ["get", "is", "has", "query", "count", "log", "trace", "print", "output", "debug", "assert",
        "to", "find", "read"];

    /// <summary>Native functions that wait for a thread, a device or a peer, by the words of their names.</summary>
    private static readonly string[] Waiting = ["wait", "sleep", "join", "read", "write", "send", "recv", "receive", "accept", "connect",
        "open", "flush", "sync", "synchronize", "load", "save", "poll", "select", "step", "exec", "execute"];

    /// <summary>
    /// What native functions end that others wait for or that there are few of, by the words of their names: files, windows, peers.
    /// To unload a library or to give back the memory of an object hurries nobody.
    /// </summary>
    private static readonly string[] Scarce = ["close", "closesocket", "fclose", "disconnect", "kill", "terminate", "shutdown", "stop",
        "unlock", "file", "socket", "process", "port", "device", "connection", "session", "window", "icon", "cursor", "menu", "dc",
        "texture"];

    private static readonly string[] States = ["valid", "alive", "destroyed", "finaliz", "iscreated"];

    /// <summary>First words of the functions of user32 that send messages.</summary>
    private static readonly string[] Messages = ["SendMessage", "PostMessage", "SendNotifyMessage", "SendDlgItemMessage",
        "PostThreadMessage"];

    /// <summary>Flags that say that an object is done with: false in a half-made object, and so no test for one.</summary>
    private static readonly string[] Ended = ["dispos", "closed", "released", "freed"];

    /// <summary>Members of these names ask a weak reference, if they are those of one.</summary>
    public static readonly string[] Reads = ["Target", "TryGetTarget", "IsAlive", "Deref", "IsAllocated"];

    /// <summary>The role attributes of what asks a weak reference.</summary>
    public static bool IsReadingRole(string attribute) =>
        attribute is "WeakRead" or "WeakReadAttribute" or "LivenessProbe" or "LivenessProbeAttribute";

    /// <summary>A method of this name makes something a weak target, if its type is one of those that do.</summary>
    public static bool IsTargeting(string name) => name is "SetTarget" or "Create" or "Alloc" or "Add" or "AddOrUpdate" or "TryAdd"
        or "GetValue" or "GetOrAdd" or "GetOrAddAsync" or "GetOrCreateValue" or "Register" or "Set";

    /// <summary>
    /// Puts its argument into the collection it is called on, which then keeps it: the collections of System.Collections, and
    /// whoever named their own after them.
    /// </summary>
    public static bool IsAdd(string method) =>
        method is "Add" or "TryAdd" or "AddLast" or "AddFirst" or "Enqueue" or "Push" or "Insert" or "Append";

    /// <summary>Makes a collection larger: the same, and what takes several or a factory.</summary>
    public static bool IsGrowth(string method) =>
        method is "Add" or "TryAdd" or "AddRange" or "Insert" or "InsertRange" or "AddFirst" or "AddLast" or "Enqueue" or "Push"
        or "PushRange" or "UnionWith" or "GetOrAdd" or "AddOrUpdate";

    /// <summary>Members of collections, and LINQ over them, that leave the size as it is. One that is not on the list may remove.</summary>
    public static bool IsLook(string member) => member switch
    {
        "Count" or "ContainsKey" or "ContainsValue" or "Contains" or "TryGetValue" or "Keys" or "Values" => true,
        "Any" or "All" or "Where" or "Select" or "SelectMany" or "OfType" or "Cast" or "First" or "FirstOrDefault" or "Last"
            or "LastOrDefault" or "Single" or "SingleOrDefault" or "ToArray" or "ToList" => true,
        "Find" or "FindIndex" or "FindLast" or "FindAll" or "IndexOf" or "Exists" or "ForEach" or "GetEnumerator" or "IsEmpty" or "Peek"
            or "TryPeek" or "Capacity" or "EnsureCapacity" or "TrimExcess" or "CopyTo" => true,
        _ => false,
    };

    /// <summary>Asks a collection by key: a key that equals no other is of no use to them.</summary>
    public static bool IsKeyed(string? member) =>
        member is "Add" or "TryAdd" or "TryGetValue" or "GetValueOrDefault" or "ContainsKey" or "Contains" or "Remove"
        or "TryRemove" or "TryUpdate" or "GetOrAdd" or "AddOrUpdate" or "SetItem" or "[]" or "[]=";

    /// <summary>Looks for an equal element from one end to the other, given nothing but that.</summary>
    public static bool IsSearch(string method) =>
        method is "Contains" or "IndexOf" or "LastIndexOf" or "Remove" or "Find" or "FindLast";

    /// <summary>Takes entries out of a collection. Try… gives out what it takes, but for the two that only add or look.</summary>
    public static bool IsRemoval(string method) =>
        method is "Clear" or "Pop" or "Dequeue" || method.StartsWith("Remove", StringComparison.Ordinal)
        || (method.StartsWith("Try", StringComparison.Ordinal) && method is not ("TryAdd" or "TryGetValue"));

    /// <summary>Takes the entry of one key out of a dictionary.</summary>
    public static bool IsKeyRemoval(string? method) => method is "Remove" or "TryRemove";

    /// <summary>
    /// Returns a new object that keeps the arguments: the factories of immutable containers, and the pointer of a handle,
    /// which leads back to it.
    /// </summary>
    public static bool IsWrapping(IMethodSymbol method) => method.Name switch
    {
        "Create" or "FromResult" => method.DeclaringSyntaxReferences.IsEmpty
            && method.ContainingType.Name is "Tuple" or "ValueTuple" or "KeyValuePair" or "Task" or "ImmutableArray" or "ImmutableList",
        "ToIntPtr" => method.ContainingType.Name == "GCHandle",
        _ => false,
    };

    /// <summary>
    /// Types of the framework whose constructors keep what they are given. Of other types' constructors nothing is known.
    /// </summary>
    public static bool IsContainer(INamedTypeSymbol type) =>
        type is { Name: "Tuple" or "ValueTuple" or "KeyValuePair" or "StrongBox" or "Lazy" };

    /// <summary>Collections whose constructors copy what is in the one that they are given; others may keep it, or wrap it.</summary>
    public static bool IsCopying(string type) =>
        type is "List" or "HashSet" or "SortedSet" or "Dictionary" or "SortedDictionary" or "Queue" or "Stack" or "LinkedList";

    public static bool IsRemembering(string method) => Array.Exists(Remembering, word => method.StartsWith(word, StringComparison.Ordinal));

    public static bool IsPublishing(string method) => Array.Exists(Publishing, word => IsFirstWord(word, method));

    /// <summary>Whether an owner can call the method to be done with the object.</summary>
    public static bool IsEnding(string method) =>
        method.Substring(method.LastIndexOf('.') + 1) is var name && Array.Exists(Ending, word => IsFirstWord(word, name));

    public static bool IsScopeEnding(string method) => Array.Exists(ScopeEnding, word => method.StartsWith(word, StringComparison.Ordinal));

    /// <summary>Dispose, Close, Free…, Release…: the method gives back what it is called on or with.</summary>
    public static bool IsRelease(string method) =>
        method is "Dispose" or "DisposeAsync" or "Close" or "CloseAsync" || IsFirstWord("Free", method) || IsFirstWord("Release", method);

    /// <summary>Destroy…, Delete…: the same, and of a cache or a table to take an entry out, which nobody waits for.</summary>
    public static bool IsDestroying(string method) => IsFirstWord("Destroy", method) || IsFirstWord("Delete", method);

    /// <summary>Native functions that tell a window something, whatever its handle is.</summary>
    public static bool IsMessage(string name) => Array.Exists(Messages, word => name.StartsWith(word, StringComparison.Ordinal));

    public static bool IsEndedFlag(string member) =>
        Array.Exists(Ended, word => member.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>Flags that say whether an object can still be used: the same, and their opposites.</summary>
    public static bool IsStateFlag(string member) => IsEndedFlag(member)
        || Array.Exists(States, word => member.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>Whether one of the words of the name, told apart by capitals and underscores, asks instead of doing.</summary>
    public static bool IsQuestion(string name) => HasWord(name, Asking);

    public static bool IsNativeWait(string name) => HasWord(name, Waiting);

    public static bool IsScarce(string name) => HasWord(name, Scarce);

    private static bool HasWord(string name, string[] words)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] != '_' && !(char.IsUpper(name[i]) && char.IsLower(name[i - 1])))
            {
                continue;
            }

            var word = name.Substring(start, i - start).Trim('_');
            if (words.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }

            start = i;
        }

        return false;
    }

    /// <summary>Waits for another thread, in the types whose documentation says so.</summary>
    public static bool IsWait(IMethodSymbol method) => method.Name switch
    {
        "Enter" => method.ContainingType.Name is "Monitor" or "SpinLock" or "Lock",
        "TryEnter" => method.ContainingType.Name is "Monitor" or "SpinLock" or "Lock"
            && method.Parameters.Any(static parameter => parameter.Name.IndexOf("timeout", StringComparison.OrdinalIgnoreCase) >= 0),
        "EnterScope" => method.ContainingType.Name == "Lock",
        "TryEnterReadLock" or "TryEnterWriteLock" or "TryEnterUpgradeableReadLock" =>
            method.ContainingType.Name == "ReaderWriterLockSlim",
        "SpinUntil" => method.ContainingType.Name == "SpinWait",
        "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock" => method.ContainingType.Name == "ReaderWriterLockSlim",
        "AcquireReaderLock" or "AcquireWriterLock" or "UpgradeToWriterLock" => method.ContainingType.Name == "ReaderWriterLock",
        "Wait" => method.ContainingType.Name is "Monitor" or "Task" or "SemaphoreSlim" or "ManualResetEventSlim" or "CountdownEvent",
        "WaitAll" or "WaitAny" => method.ContainingType.Name is "Task" or "WaitHandle",
        "WaitOne" or "SignalAndWait" => method.ContainingType.Name is "WaitHandle" or "Barrier",
        "Join" or "Sleep" => method.ContainingType.Name == "Thread",
        "GetResult" => method.ContainingType.Name is "TaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredTaskAwaiter"
            or "ConfiguredValueTaskAwaiter",
        "WaitForExit" => method.ContainingType.Name == "Process",
        "WaitForPendingFinalizers" => method.ContainingType.Name == "GC",
        "Take" => method.ContainingType.Name == "BlockingCollection",
        "Send" => method.ContainingType.Name is "SynchronizationContext" or "DispatcherSynchronizationContext"
            or "WindowsFormsSynchronizationContext",
        "Invoke" => method.ContainingType.Name is "Dispatcher" or "ISynchronizeInvoke" or "Control",
        _ => false,
    };

    /// <summary>Types of the framework that one names only where several threads meet.</summary>
    public static bool IsOfThreads(string type) =>
        type is "Interlocked" or "Monitor" or "Volatile" or "Thread" or "ThreadPool" or "Task" or "ValueTask" or "Parallel" or "Timer"
        or "SemaphoreSlim" or "ReaderWriterLockSlim" or "SpinLock" or "Lock" or "MethodImplOptions" or "BackgroundWorker"
        or "ConcurrentDictionary" or "ConcurrentQueue" or "ConcurrentBag" or "SynchronizationContext" or "Dispatcher"
        or "FinalizationRegistry";

    /// <summary>Makes a new text; one that changes nothing may return the old one, which nobody counts on.</summary>
    public static bool MakesText(IMethodSymbol method) => method.ContainingType.SpecialType == SpecialType.System_String
        && method.Name is "Concat" or "Format" or "Join" or "Create" or "Substring" or "ToUpper" or "ToLower" or "ToUpperInvariant"
            or "ToLowerInvariant" or "Replace" or "PadLeft" or "PadRight" or "Insert" or "Remove" or "Copy";

    /// <summary>Takes a lock or a slot, which the same code then has to give back.</summary>
    public static bool IsAcquire(string method) => method is "Wait" or "WaitAsync" or "WaitOne" or "Enter" or "TryEnter" or "EnterScope"
        or "EnterReadLock" or "EnterWriteLock" or "EnterUpgradeableReadLock" or "TryEnterReadLock" or "TryEnterWriteLock";

    /// <summary>
    /// Gives time to all that runs after a collection, whoever declares it: half-built tests have no symbols. To wait for the
    /// finalizers alone is not enough.
    /// </summary>
    public static bool IsPause(string? method) =>
        method is "Wait" or "WaitOne" or "WaitAll" or "Sleep" or "SpinUntil" or "Join" or "CleanupSome";

    /// <summary>Words in the names of helpers that ask a condition again until it holds.</summary>
    public static bool IsRetry(string method) =>
        method.Contains("Until") || method.Contains("Wait") || method.Contains("Eventually") || method.Contains("Retry");

    /// <summary>Does what others wait for, beside releasing: gives up a lock, deletes a file, commits.</summary>
    public static bool IsTimely(IMethodSymbol method) => method.Name switch
    {
        "ExitReadLock" or "ExitWriteLock" or "ExitUpgradeableReadLock" => true,
        "Exit" => method.ContainingType.Name is "Monitor" or "SpinLock" or "Lock",
        "Delete" => method.ContainingType.Name is "File" or "FileInfo" or "Directory" or "DirectoryInfo" or "FileSystemInfo"
            && method.ContainingNamespace.Name == "IO",
        "Commit" or "CommitAsync" or "SaveChanges" or "SaveChangesAsync" => true,
        "Complete" => method.ContainingType.Name == "TransactionScope",
        _ => false,
    };

    /// <summary>Structs around a slot of the collector's own handle table: nobody waits for them.</summary>
    public static bool IsCollectorHandle(ITypeSymbol? type) =>
        type?.Name is "GCHandle" or "WeakGCHandle" or "DependentHandle" or "PinnedGCHandle";

    /// <summary>Exceptions that say that the caller is wrong: a disposed object, a bad argument.</summary>
    public static bool IsUsageError(string exception) =>
        exception is "ObjectDisposedException" or "ArgumentNullException" or "ArgumentException" or "ArgumentOutOfRangeException";

    /// <summary>Helpers that throw such an exception, where their code is not to be seen.</summary>
    public static bool IsUsageHelper(string method) =>
        method.Contains("Disposed") || method.Contains("Argument") || method.Contains("Null") || method.Contains("OutOfRange");

    /// <summary>Classes with assertions: xunit, NUnit and MSTest say Assert, the fluent libraries and the BCL the rest.</summary>
    public static bool IsAsserter(string? type) =>
        type is not null && (type.EndsWith("Assert", StringComparison.Ordinal)
            || type is "Debug" or "Trace" or "Contract" or "Assume" or "Check" or "Verify" or "Expect" or "Shouldly");

    /// <summary>Attributes of tests and of their classes, in whatever framework.</summary>
    public static bool IsOfTests(string attribute)
    {
        var name = attribute.EndsWith("Attribute", StringComparison.Ordinal)
            ? attribute.Substring(0, attribute.Length - "Attribute".Length) : attribute;
        return Ends("Fact") || Ends("Theory") || Ends("Test") || Ends("TestMethod") || Ends("TestClass") || Ends("TestFixture")
            || Ends("TestCase");

        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
    }

    /// <summary>Whether the name begins with that word, and the word ends there.</summary>
    private static bool IsFirstWord(string word, string name) =>
        name.StartsWith(word, StringComparison.Ordinal) && (name.Length == word.Length || !char.IsLower(name[word.Length]));
}
