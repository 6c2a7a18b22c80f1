namespace WeakRefAnalyzers.Tests;

public class WREF603_DeadEntryAnsweredTests
{
    private const string Picture = """

        class P { public int Size; public static P Load(string key) => new P(); public static Task<P> LoadAsync(string key) => Task.FromResult(new P()); }
        """;

    [Fact]
    public Task TheKeyIsTakenForTheValue() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { Dictionary<string, WeakRef<P>> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|w.Deref()|]; var p = P.Load(k); _all[k] = new WeakRef<P>(p); return p; } }
        class B { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.ContainsKey(k)) return [|(P)_all[k].Target|]; var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class D { Dictionary<string, WeakReference<P>> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) { w.TryGetTarget(out var known); return [|known|]; } var p = P.Load(k); _all.Add(k, new WeakReference<P>(p)); return p; } }
        class E { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (!_all.TryGetValue(k, out var w)) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } return [|w.Target as P|]; } }
        class F { Dictionary<string, WeakReference> _all = new(); P Get(string k) { P p; if (_all.TryGetValue(k, out var w)) p = (P)w.Target; else { p = P.Load(k); _all[k] = new WeakReference(p); } return [|p|]; } }
        class G { Dictionary<string, WeakReference> _all = new(); P Get(string k) { lock (_all) { WeakReference w; if (!_all.TryGetValue(k, out w)) { w = new WeakReference(P.Load(k)); _all.Add(k, w); } return [|(P)w.Target|]; } } }
        class H { Dictionary<string, WeakReference> _all = new(); P Get(string k) => _all.TryGetValue(k, out var w) ? [|(P)w.Target|] : Add(k); P Add(string k) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class I { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Target|]; var p = P.Load(k); Keep(k, p); return p; } void Keep(string k, P p) => _all[k] = new WeakReference(p); }
        class J { System.Collections.Hashtable _all = new(); P Get(string k) { var w = _all[k] as WeakReference; if (w != null) return [|w.Target as P|]; var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class K { Dictionary<string, WeakReference<P>> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|w.TryGetTarget(out var known)|] ? known : null; var p = P.Load(k); _all[k] = new WeakReference<P>(p); return p; } }
        class L { Dictionary<string, WeakReference<P>> _all = new(); P Intern(string k, P p) { if (_all.TryGetValue(k, out var w)) { w.TryGetTarget(out var known); return [|known|]; } _all.Add(k, new WeakReference<P>(p)); return p; } }
        class M { Dictionary<string, Entry> _all = new(); struct Entry { public WeakReference Ref; public int Hits; } P Get(string k) { if (_all.TryGetValue(k, out var e)) return [|(P)e.Ref.Target|]; var p = P.Load(k); _all[k] = new Entry { Ref = new WeakReference(p) }; return p; } }
        class N { static readonly Dictionary<string, WeakReference> s_all = new(); static P Get(string k) { try { return [|(P)s_all[k].Target|]; } catch (KeyNotFoundException) { var p = P.Load(k); s_all[k] = new WeakReference(p); return p; } } }
        class Q { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all[k] is WeakReference w) return [|w.Target as P|]; var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class R { Dictionary<string, WeakReference> _all = new(); P this[string k] { get { if (_all.TryGetValue(k, out var w)) { return [|(P)w.Target|]; } else { var p = P.Load(k); _all.Add(k, new WeakReference(p)); return p; } } } }
        class U { List<Entry> _all = new(); class Entry { public string Key; public WeakReference Ref; } P Get(string k) { foreach (var e in _all) { if (e.Key == k) return [|(P)e.Ref.Target|]; } var p = P.Load(k); _all.Add(new Entry { Key = k, Ref = new WeakReference(p) }); return p; } }
        class W { List<Entry> _all = new(); class Entry { public string Key; public WeakReference Ref; } P Get(string k) { var e = _all.FirstOrDefault(x => x.Key == k); if (e != null) return [|(P)e.Ref.Target|]; var p = P.Load(k); _all.Add(new Entry { Key = k, Ref = new WeakReference(p) }); return p; } }
        class X { Dictionary<string, Entry> _all = new(); class Entry { readonly WeakReference _ref; public Entry(P p) => _ref = new WeakReference(p); public P Value => (P)_ref.Target; } P Get(string k) { if (_all.TryGetValue(k, out var e)) return [|e.Value|]; var p = P.Load(k); _all[k] = new Entry(p); return p; } }
        class O { readonly WeakReference<P>[] _all = new WeakReference<P>[9]; P Get(int i) { if (_all[i] != null) { _all[i].TryGetTarget(out var known); return [|known|]; } var p = new P(); _all[i] = new WeakReference<P>(p); return p; } }
        """ + Picture);

    [Fact]
    public Task WhereTheEntryIsPartOfSomething() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { Dictionary<string, (WeakReference Ref, int Hits)> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var e)) return [|(P)e.Ref.Target|]; var p = P.Load(k); _all[k] = (new WeakReference(p), 1); return p; } }
        class B { List<(string, WeakReference)> _all = new(); P Get(string k) { foreach (var (key, w) in _all) if (key == k) return [|(P)w.Target|]; var p = P.Load(k); _all.Add((k, new WeakReference(p))); return p; } }
        class D { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (!_all.TryGetValue(k, out var w)) _all[k] = w = new WeakReference(P.Load(k)); return [|(P)w.Target|]; } }
        class E { Dictionary<string, WeakReference> _all = new(); P Get(string k) { ref var w = ref CollectionsMarshal.GetValueRefOrAddDefault(_all, k, out var found); if (!found) { var p = P.Load(k); w = new WeakReference(p); return p; } return [|(P)w.Target|]; } }
        class F { Dictionary<string, WeakReference> _all = new(); P Get(string k) => _all.TryGetValue(k, out var w) switch { true => [|(P)w.Target|], _ => Add(k) }; P Add(string k) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class G { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) => [|(P)_all.AddOrUpdate(k, key => new WeakReference(P.Load(key)), (key, old) => old).Target|]; }
        class H { Dictionary<string, Own> _all = new(); class Own : WeakReference { public Own(P p) : base(p) { } } P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Target|]; var p = P.Load(k); _all[k] = new Own(p); return p; } }
        class Quiet { Dictionary<string, (WeakReference Ref, int Hits)> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var e) && e.Ref.Target is P known) return known; var p = P.Load(k); _all[k] = (new WeakReference(p), 1); return p; } }
        class Filled { Dictionary<string, WeakReference> _all = new(); P Get(string k) { ref var w = ref CollectionsMarshal.GetValueRefOrAddDefault(_all, k, out _); if (w?.Target is P known) return known; var p = P.Load(k); w = new WeakReference(p); return p; } }
        class Two { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k, bool again) { if (again) _all.AddOrUpdate(k, key => new WeakReference(P.Load(key)), (key, old) => new WeakReference(P.Load(key))); return (P)_all.GetOrAdd(k, key => new WeakReference(P.Load(key))).Target; } }
        """ + Picture);

    [Fact]
    public Task Annotated() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using WeakRefs.Annotations;
        class Weakly { public Weakly([WeakTarget] object target) { } [WeakRead] public object Value => null; }
        class A { Dictionary<string, Weakly> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Value|]; var p = P.Load(k); _all[k] = new Weakly(p); return p; } }
        """ + Picture);

    [Fact]
    public Task InTasks() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { Dictionary<string, WeakReference> _all = new(); async Task<P> Get(string k) { if (_all.ContainsKey(k)) return [|(P)_all[k].Target|]; var p = await P.LoadAsync(k); _all[k] = new WeakReference(p); return p; } }
        class B { Dictionary<string, WeakReference> _all = new(); Task<P> Get(string k) { if (_all.TryGetValue(k, out var w)) return Task.FromResult([|(P)w.Target|]); return Add(k); } async Task<P> Add(string k) { var p = await P.LoadAsync(k); _all[k] = new WeakReference(p); return p; } }
        class D { Dictionary<string, WeakReference> _all = new(); ValueTask<P> Get(string k) { if (_all.TryGetValue(k, out var w)) return new ValueTask<P>([|(P)w.Target|]); var p = P.Load(k); _all[k] = new WeakReference(p); return new ValueTask<P>(p); } }
        class E { Dictionary<string, WeakReference> _all = new(); async Task<P> Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Target|]; return await Add(k); } async Task<P> Add(string k) { var p = await P.LoadAsync(k); _all[k] = new WeakReference(p); return p; } }
        """ + Picture);

    [Fact]
    public Task NeverReplaced() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { ConcurrentDictionary<string, WeakReference<P>> _all = new(); P Get(string k) { var w = _all.GetOrAdd(k, key => new WeakReference<P>(P.Load(key))); w.TryGetTarget(out var p); return [|p|]; } }
        class B { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) => [|(P)_all.GetOrAdd(k, key => new WeakReference(P.Load(key))).Target|]; }
        class D { ConcurrentDictionary<string, WeakRef<P>> _all = new(); P Get(string k) { return [|_all.GetOrAdd(k, key => { var p = P.Load(key); return new WeakRef<P>(p); }).Deref()|]; } }
        class E { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) => [|(P)_all.GetOrAdd(k, new WeakReference(P.Load(k))).Target|]; }
        class F { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) => [|_all.GetOrAdd(k, Make).Target as P|]; static WeakReference Make(string k) => new WeakReference(P.Load(k)); }
        """ + Picture);

    [Fact]
    public Task OneValueInAField() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { WeakReference _w; P Get() { if (_w == null) { var p = new P(); _w = new WeakReference(p); return p; } return [|(P)_w.Target|]; } }
        class B { WeakReference _w; P Value { get { if (_w != null) return [|_w.Target as P|]; var p = new P(); _w = new WeakReference(p); return p; } } }
        class D { WeakReference<P> _w; P Get() { _w ??= new WeakReference<P>(new P()); _w.TryGetTarget(out var p); return [|p|]; } }
        class E { static WeakReference s_w; static P Get() => [|(P)(s_w ??= new WeakReference(new P())).Target|]; }
        """ + Picture);

    [Fact]
    public Task SilentWhereADeadEntryIsMadeAgain() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { Dictionary<string, WeakRef<P>> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w) && w.Deref() is { } alive) return alive; var p = P.Load(k); _all[k] = new WeakRef<P>(p); return p; } }
        class B { Dictionary<string, WeakReference<P>> _all = new(); P Get(string k) { P p = null; if (_all.TryGetValue(k, out var w)) w.TryGetTarget(out p); if (p == null) { p = P.Load(k); _all[k] = new WeakReference<P>(p); } return p; } }
        class D { Dictionary<string, WeakReference<P>> _all = new(); P Get(string k) { P p; if (_all.TryGetValue(k, out var w)) { if (!w.TryGetTarget(out p)) { p = P.Load(k); w.SetTarget(p); } } else { p = P.Load(k); _all.Add(k, new WeakReference<P>(p)); } return p; } }
        class E { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return w.Target as P ?? Add(k); return Add(k); } P Add(string k) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class F { ConcurrentDictionary<string, WeakReference<P>> _all = new(); P Get(string k) { while (true) { var w = _all.GetOrAdd(k, key => new WeakReference<P>(P.Load(key))); if (w.TryGetTarget(out var p)) return p; _all.TryRemove(new KeyValuePair<string, WeakReference<P>>(k, w)); } } }
        class G { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) { var w = _all.AddOrUpdate(k, key => new WeakReference(P.Load(key)), (key, old) => old.IsAlive ? old : new WeakReference(P.Load(key))); return (P)w.Target; } }
        class H { Dictionary<string, WeakReference> _all = new(); P Get(string k) { Prune(); if (_all.TryGetValue(k, out var w)) return (P)w.Target; var p = P.Load(k); _all[k] = new WeakReference(p); return p; } void Prune() { foreach (var dead in _all.Where(e => !e.Value.IsAlive).ToList()) _all.Remove(dead.Key); } }
        class I { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) { var known = (P)w.Target; if (known == null) _all.Remove(k); return known; } var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class J { WeakReference _w; P Get() { if (_w?.Target is P known) return known; var p = new P(); _w = new WeakReference(p); return p; } }
        class K { WeakReference _w; P Get() { var p = _w == null ? null : (P)_w.Target; if (p == null) { p = new P(); _w = new WeakReference(p); } return p; } }
        abstract class Adds { public abstract P Add(string k); }
        class Overrides : Adds { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return (P)w.Target; return Add(k); } public override P Add(string k) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class L { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return (P)w.Target ?? throw new InvalidOperationException(); var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        """ + Picture);

    [Fact]
    public Task SilentWhereNullIsTheAnswerForMissing() => Verify<WREF603_DeadEntryAnswered>.Diagnostics("""
        using System.Collections.Concurrent;
        class A { Dictionary<string, WeakReference> _all = new(); public void Add(string k, P p) => _all[k] = new WeakReference(p); P Find(string k) => _all.TryGetValue(k, out var w) ? (P)w.Target : null; }
        class B { Dictionary<string, WeakReference> _all = new(); P Swap(string k, P p) { var old = _all.TryGetValue(k, out var w) ? (P)w.Target : null; _all[k] = new WeakReference(p); return old; } }
        class D { Dictionary<string, WeakReference> _all = new(); Dictionary<string, P> _strong = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return (P)w.Target; var p = P.Load(k); _strong.Add(k, p); _all[k] = new WeakReference(p); return p; } }
        class E { WeakReference _parent; P Parent { get => _parent == null ? null : (P)_parent.Target; set => _parent = new WeakReference(value); } }
        class F { WeakReference _w; P _strong; P Get() { if (_w == null) { var p = new P(); _strong = p; _w = new WeakReference(p); return p; } return (P)_w.Target; } }
        class G { Dictionary<string, WeakReference> _all = new(), _others = new(); P Get(string k) { if (_others.TryGetValue(k, out var w)) return (P)w.Target; var p = P.Load(k); _all[k] = new WeakReference(p); return p; } }
        class H { Dictionary<string, Func<P>> _all = new(); object Get(string k) { if (_all.TryGetValue(k, out var f)) return f.Target; Func<P> made = () => P.Load(k); _all[k] = made; return made; } }
        class I { Dictionary<string, WeakReference> _all = new(); bool Add(string k, P p) { if (_all.ContainsKey(k)) return false; _all[k] = new WeakReference(p); return true; } }
        class J { WeakReference _w; P Last(P p) { var last = _w; _w = new WeakReference(p); return (P)last?.Target; } }
        class K { ConcurrentDictionary<string, WeakReference> _all = new(); WeakReference Get(string k) => _all.GetOrAdd(k, key => new WeakReference(P.Load(key))); }
        """ + Picture);

    [Fact]
    public Task MessageNamesReadAndCollection() => Verify<WREF603_DeadEntryAnswered>.Diagnostics(
        """
        class A
        {
            Dictionary<string, WeakRef<P>> _all = new();
            P Get(string k)
            {
                if ({|#1:_all.TryGetValue(k, out var w)|})
                    return {|#0:w.Deref()|};
                var p = P.Load(k);
                {|#2:_all[k] = new WeakRef<P>(p)|};
                return p;
            }
        }
        """ + Picture,
        Verify<WREF603_DeadEntryAnswered>.Diagnostic().WithLocation(0).WithLocation(0).WithLocation(1).WithLocation(2)
            .WithArguments("w.Deref()", "_all"));

    [Fact]
    public Task BrokenCode() => Verify<WREF603_DeadEntryAnswered>.Diagnostics(
        """
        class A { public Dictionary<string, WeakReference> _all; P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Target|]; var p = P.Load(k); _all[k] = new WeakReference(p); return p } }
        class B { public Dictionary<string, Unknown> _all; P Get(string k) { if (_all.TryGetValue(k, out var w)) return (P)w.Target; var p = P.Load(k); _all[k] = new Unknown(p); return p; } }
        class D { public Dictionary<string, WeakReference> _all; P Get(string k) { if (_all.TryGetValue(k, out var w)) return (P)w.Target; var p = P.Load(k); _all[k] = ; return p; } }
        """ + Picture,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixAsksForTheTargetAndKeepsTrivia() => Verify<WREF603_DeadEntryAnswered, WREF603_MakeAgain>.Fix(
        """
        class ByPattern
        {
            readonly Dictionary<string, WeakRef<P>> _all = new();

            // from the cache
            P Get(string k)
            {
                if (_all.TryGetValue(k, out var w)) // there
                    return [|w.Deref()|]; // known

                // not there
                var p = P.Load(k);
                _all[k] = new WeakRef<P>(p);
                return p;
            }
        }

        class ByKey
        {
            readonly Dictionary<string, WeakReference> _all = new();

            P Get(string k)
            {
                if (_all.ContainsKey(k))
                {
                    return [|(P)_all[k].Target|];
                }

                var p = P.Load(k);
                _all.Add(k, new WeakReference(p)); // a new one
                return p;
            }

            P Choose(string k) => _all.TryGetValue(k, out var w) ? [|(P)w.Target|] : Add(k);

            P Add(string k)
            {
                var p = P.Load(k);
                _all[k] = new WeakReference(p);
                return p;
            }
        }

        class ByOut
        {
            readonly Dictionary<string, WeakReference<P>> _all = new();

            P Get(string k)
            {
                if (_all.TryGetValue(k, out var w))
                {
                    w.TryGetTarget(out var known);
                    return [|known|];
                }

                var p = P.Load(k);
                _all.Add(k, new WeakReference<P>(p));
                return p;
            }
        }

        class Negated
        {
            WeakReference _w;

            P Get(Dictionary<string, WeakReference> all, string k)
            {
                if (!all.TryGetValue(k, out var w))
                {
                    var p = P.Load(k);
                    all[k] = new WeakReference(p);
                    return p;
                }

                return [|(P)w.Target|];
            }

            P Value
            {
                get
                {
                    if (_w != null)
                        return [|_w.Target as P|];
                    var p = new P();
                    _w = new WeakReference(p);
                    return p;
                }
            }
        }

        """ + Picture,
        """
        class ByPattern
        {
            readonly Dictionary<string, WeakRef<P>> _all = new();

            // from the cache
            P Get(string k)
            {
                if (_all.TryGetValue(k, out var w) && w.Deref() is { } target) // there
                    return target; // known

                // not there
                var p = P.Load(k);
                _all[k] = new WeakRef<P>(p);
                return p;
            }
        }

        class ByKey
        {
            readonly Dictionary<string, WeakReference> _all = new();

            P Get(string k)
            {
                if (_all.ContainsKey(k) && _all[k].Target is P target)
                {
                    return target;
                }

                var p = P.Load(k);
                _all[k] = new WeakReference(p); // a new one
                return p;
            }

            P Choose(string k) => _all.TryGetValue(k, out var w) && w.Target is P target ? target : Add(k);

            P Add(string k)
            {
                var p = P.Load(k);
                _all[k] = new WeakReference(p);
                return p;
            }
        }

        class ByOut
        {
            readonly Dictionary<string, WeakReference<P>> _all = new();

            P Get(string k)
            {
                if (_all.TryGetValue(k, out var w) && w.TryGetTarget(out var known))
                {
                    return known;
                }

                var p = P.Load(k);
                _all[k] = new WeakReference<P>(p);
                return p;
            }
        }

        class Negated
        {
            WeakReference _w;

            P Get(Dictionary<string, WeakReference> all, string k)
            {
                if (!all.TryGetValue(k, out var w) || w.Target is not P target)
                {
                    var p = P.Load(k);
                    all[k] = new WeakReference(p);
                    return p;
                }

                return target;
            }

            P Value
            {
                get
                {
                    if (_w != null && _w.Target is P target)
                        return target;
                    var p = new P();
                    _w = new WeakReference(p);
                    return p;
                }
            }
        }

        """ + Picture);

    [Fact]
    public Task NoFixWhereMissingIsNotMadeBehindTheQuestion() => Verify<WREF603_DeadEntryAnswered, WREF603_MakeAgain>.NoFix("""
        using System.Collections.Concurrent;
        class A { ConcurrentDictionary<string, WeakReference> _all = new(); P Get(string k) => [|(P)_all.GetOrAdd(k, key => new WeakReference(P.Load(key))).Target|]; }
        class B { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (!_all.TryGetValue(k, out var w)) { w = new WeakReference(P.Load(k)); _all[k] = w; } return [|(P)w.Target|]; } }
        class D { Dictionary<string, WeakReference> _all = new(); P Get(string k) { if (_all.TryGetValue(k, out var w)) return [|(P)w.Target|]; var p = P.Load(k); Keep(k, p); return p; } void Keep(string k, P p) => _all.Add(k, new WeakReference(p)); }
        class E { Dictionary<string, WeakReference> _all = new(); P Get(string k) { try { return [|(P)_all[k].Target|]; } catch (KeyNotFoundException) { var p = P.Load(k); _all[k] = new WeakReference(p); return p; } } }
        class F
        {
            Dictionary<string, WeakReference<P>> _all = new();
            P Get(string k)
            {
                if (_all.TryGetValue(k, out var w))
                {
                    w.TryGetTarget(out var p);
                    return [|p|];
                }

                {
                    var p = P.Load(k);
                    _all.Add(k, new WeakReference<P>(p));
                    return p;
                }
            }
        }
        """ + Picture);
}
