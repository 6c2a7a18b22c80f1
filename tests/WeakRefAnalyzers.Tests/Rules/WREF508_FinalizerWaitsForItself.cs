namespace WeakRefAnalyzers.Tests;

public class WREF508_FinalizerWaitsForItselfTests
{
    private const string Source = """

        static class Source
        {
            public static event EventHandler Changed;
            public static event Action Ended;
            public static void Raise() { Changed?.Invoke(null, EventArgs.Empty); Ended?.Invoke(); }
        }
        """;

    [Fact]
    public Task StaticEvents() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics("""
        class Constructor { Constructor() { Source.Ended += OnEnded; } ~Constructor() { [|Source.Ended -= OnEnded|]; } void OnEnded() { } }
        class Arrow { Arrow() => Source.Ended += OnEnded; ~Arrow() => [|Source.Ended -= OnEnded|]; void OnEnded() { } }
        class Created { Created() { Source.Changed += new EventHandler(OnChanged); } ~Created() { [|Source.Changed -= new EventHandler(OnChanged)|]; } void OnChanged(object o, EventArgs e) { } }
        class This { void Start() { Source.Ended += this.OnEnded; } ~This() { [|Source.Ended -= this.OnEnded|]; } void OnEnded() { } }
        class Field { readonly Action _handler; Field() { _handler = OnEnded; Source.Ended += _handler; } ~Field() { [|Source.Ended -= _handler|]; } void OnEnded() { } }
        class Lambda { int _count; readonly Action _handler; Lambda() { _handler = () => _count++; Source.Ended += _handler; } ~Lambda() { [|Source.Ended -= _handler|]; } }
        class Own { static event Action Ended; Own() { Ended += OnEnded; } ~Own() { [|Ended -= OnEnded|]; } void OnEnded() { } static void Raise() => Ended?.Invoke(); }
        class Called { Called() { Source.Ended += OnEnded; } ~Called() { Detach(); } private void Detach() { [|Source.Ended -= OnEnded|]; } void OnEnded() { } }
        """ + Source);

    [Fact]
    public Task StaticCollections() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics("""
        class OfList { static readonly List<OfList> s_all = new(); OfList() { s_all.Add(this); } ~OfList() { [|s_all.Remove(this)|]; } }
        class Locked
        {
            static readonly List<Locked> s_all = new();
            Locked() { lock (s_all) s_all.Add(this); }
            ~Locked()
            {
                lock (s_all)
                    [|s_all.Remove(this)|];
            }
        }
        class OfSet { static readonly HashSet<object> s_all = new(); OfSet() { s_all.Add(this); } ~OfSet() { [|s_all.Remove(this)|]; } }
        class ByKey { static readonly Dictionary<int, ByKey> s_all = new(); readonly int _id; ByKey(int id) { _id = id; s_all[id] = this; } ~ByKey() { [|s_all.Remove(_id)|]; } }
        class Added { static readonly Dictionary<int, object> s_all = new(); readonly int _id; Added(int id) { _id = id; s_all.Add(id, this); } ~Added() { [|s_all.Remove(_id)|]; } }
        class AsKey { static readonly Dictionary<AsKey, int> s_all = new(); AsKey() { s_all[this] = 1; } ~AsKey() { [|s_all.Remove(this)|]; } }
        class Concurrent { static readonly System.Collections.Concurrent.ConcurrentDictionary<int, Concurrent> s_all = new(); int _id; Concurrent() { s_all.TryAdd(_id, this); } ~Concurrent() { [|s_all.TryRemove(_id, out _)|]; } }
        class Property { static List<Property> All { get; } = new(); Property() { All.Add(this); } ~Property() { [|All.Remove(this)|]; } }
        class Made { static readonly List<Made> s_all = new(); static Made Create() { var made = new Made(); s_all.Add(made); return made; } ~Made() { [|s_all.Remove(this)|]; } }
        class Handlers { static readonly List<Action> s_all = new(); Handlers() { s_all.Add(Run); } ~Handlers() { [|s_all.Remove(Run)|]; } void Run() { } }
        class Entry { readonly Owner _owner; public Entry(Owner owner) { _owner = owner; } }
        class Owner { static readonly List<Entry> s_all = new(); readonly Entry _entry; Owner() { _entry = new Entry(this); s_all.Add(_entry); } ~Owner() { [|s_all.Remove(_entry)|]; } }
        """);

    [Fact]
    public Task ThroughTheMethodsBesideTheCollection() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics("""
        static class Listeners
        {
            private static readonly List<Listener> s_all = new();
            public static void Add(Listener listener) { lock (s_all) s_all.Add(listener); }
            public static void Remove(Listener listener) { lock (s_all) s_all.Remove(listener); }
        }
        abstract class Listener { protected Listener() => Listeners.Add(this); ~Listener() => [|Listeners.Remove(this)|]; }

        static class Others
        {
            private static readonly List<Other> s_all = new();
            public static void Add(Other other) => s_all.Add(other);
            public static void Remove(Other other) => s_all.Remove(other);
        }
        class Other { Other() { Others.Add(this); } public void Close() => Others.Remove(this); ~Other() { Others.Remove(this); } }
        """);

    [Fact]
    public Task SilentWhereOthersRemoveToo() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics("""
        class Disposed : IDisposable { Disposed() { Source.Ended += OnEnded; } public void Dispose() { Source.Ended -= OnEnded; GC.SuppressFinalize(this); } ~Disposed() { Source.Ended -= OnEnded; } void OnEnded() { } }
        class Pattern : IDisposable { Pattern() { Source.Ended += OnEnded; } public void Dispose() { Dispose(true); } protected virtual void Dispose(bool disposing) { Source.Ended -= OnEnded; } ~Pattern() { Dispose(false); } void OnEnded() { } }
        class Shared : IDisposable { Shared() { Source.Ended += OnEnded; } public void Dispose() => Detach(); ~Shared() { Detach(); } private void Detach() { Source.Ended -= OnEnded; } void OnEnded() { } }
        class Cleared { static readonly List<Cleared> s_all = new(); Cleared() { s_all.Add(this); } public static void Reset() => s_all.Clear(); ~Cleared() { s_all.Remove(this); } }
        class Replaced { static List<Replaced> s_all = new(); Replaced() { s_all.Add(this); } public static void Reset() { s_all = new(); } ~Replaced() { s_all.Remove(this); } }
        class Open { public static readonly List<Open> All = new(); Open() { All.Add(this); } ~Open() { All.Remove(this); } }
        class HandedOut { static readonly List<HandedOut> s_all = new(); HandedOut() { s_all.Add(this); } static void M() { Trim(s_all); } static void Trim(List<HandedOut> all) => all.Clear(); ~HandedOut() { s_all.Remove(this); } }
        """ + Source);

    [Fact]
    public Task SilentWhereTheObjectIsNotHeld() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics("""
        class Key { static readonly HashSet<int> s_ids = new(); readonly int _id; Key(int id) { _id = id; s_ids.Add(id); } ~Key() { s_ids.Remove(_id); } }
        class Weak { static readonly Dictionary<int, WeakReference> s_all = new(); readonly int _id; Weak(int id) { _id = id; s_all[id] = new WeakReference(this); } ~Weak() { s_all.Remove(_id); } }
        class WeakOf { static readonly Dictionary<int, WeakReference<WeakOf>> s_all = new(); readonly int _id; WeakOf(int id) { _id = id; s_all.Add(id, new WeakReference<WeakOf>(this)); } ~WeakOf() { s_all.Remove(_id); } }
        class Handle { static readonly Dictionary<int, GCHandle> s_all = new(); readonly int _id; Handle(int id) { _id = id; s_all[id] = GCHandle.Alloc(this, GCHandleType.Weak); } ~Handle() { s_all.Remove(_id); } }
        class Reference { static readonly List<WeakReference> s_all = new(); readonly WeakReference _self; Reference() { _self = new WeakReference(this); s_all.Add(_self); } ~Reference() { s_all.Remove(_self); } }
        class Table { static readonly ConditionalWeakTable<Table, object> s_all = new(); Table() { s_all.Add(this, new object()); } ~Table() { s_all.Remove(this); } }
        class Pointer { static readonly Dictionary<IntPtr, Pointer> s_all = new(); IntPtr _p; ~Pointer() { s_all.Remove(_p); } }
        class NotAdded { ~NotAdded() { Source.Ended -= OnEnded; } void OnEnded() { } }
        class StaticHandler { StaticHandler() { Source.Ended += OnEnded; } ~StaticHandler() { Source.Ended -= OnEnded; } static void OnEnded() { } }
        class Instance { readonly List<Instance> _own = new(); Instance() { _own.Add(this); } ~Instance() { _own.Remove(this); } }
        class Part { event Action Ended; Part() { Ended += OnEnded; } ~Part() { Ended -= OnEnded; } void OnEnded() { } void Raise() => Ended?.Invoke(); }
        class Writes { static readonly List<string> s_log = new(); Writes() { s_log.Add("made"); } ~Writes() { s_log.RemoveAt(0); } }
        """ + Source);

    [Fact]
    public Task MessageNamesHolderAndType() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics(
        """
        class View
        {
            private static readonly List<View> s_views = new();
            View() { {|#1:s_views.Add(this)|}; }
            ~View() { {|#0:s_views.Remove(this)|}; }
        }
        """,
        Verify<WREF508_FinalizerWaitsForItself>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("s_views", "View"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics(
        """
        using System;
        using System.Collections.Generic;

        class View
        {
            private static readonly List<View> s_views = new List<View>();

            public View() { s_views.Add(this); AppDomain.CurrentDomain.DomainUnload += OnUnload; }

            ~View() { [|s_views.Remove(this)|]; AppDomain.CurrentDomain.DomainUnload -= OnUnload; }

            private void OnUnload(object sender, EventArgs e) { }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF508_FinalizerWaitsForItself>.Diagnostics(
        """
        class Half { static List<Half> s_all = new(); Half() { s_all.Add( } ~Half() { s_all.Remove(this); } }
        class Missing { static Unknown s_all; Missing() { s_all.Add(this); } ~Missing() { s_all.Remove(this); Source.Changed -= ; } }
        class Twice { static List<Twice> s_all; static List<Twice> s_all; Twice() { s_all.Add(this); } ~Twice() { s_all.Remove( } }
        """ + Source,
        new Options { CompilerErrors = true });
}
