namespace WeakRefAnalyzers.Tests;

public class WREF405_RegistrationLeftTests
{
    private const string Native = """

        static class N
        {
            [DllImport("n")] public static extern IntPtr thing_new();
            [DllImport("n")] public static extern IntPtr thing_ref(IntPtr thing);
            [DllImport("n")] public static extern void thing_unref(IntPtr thing);
            [DllImport("n")] public static extern void thing_free(IntPtr thing, int flags);
        }
        """;

    [Fact]
    public Task EveryWayToReleaseTwice() => Verify<WREF405_RegistrationLeft>.Diagnostics("""
        class Lambda : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Lambda() { s_gone.Register(this, _thing); }
            public void Dispose() { [|N.thing_unref(_thing)|]; GC.SuppressFinalize(this); }
        }
        class Group : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(N.thing_unref);
            readonly IntPtr _thing;
            public Group(IntPtr thing) { _thing = thing; s_gone.Register(this, thing, this); }
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        class Own : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(Free);
            readonly IntPtr _thing = N.thing_new();
            readonly Registration _registration;
            public Own() => _registration = s_gone.Register(this, _thing);
            static void Free(IntPtr thing) { if (thing != IntPtr.Zero) N.thing_free(thing, 0); }
            void IDisposable.Dispose() { [|Free(_thing)|]; }
        }
        class Inner : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(Free);
            readonly IntPtr _thing = N.thing_new();
            public Inner() => s_gone.Register(this, _thing);
            static void Free(IntPtr thing) => N.thing_free(thing, 0);
            public void Dispose() { [|N.thing_free(_thing, 0)|]; }
        }
        class Framework : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(Marshal.FreeHGlobal);
            IntPtr _memory = Marshal.AllocHGlobal(8);
            public Framework() => s_gone.Register(this, _memory);
            public void Close() => Dispose();
            public void Dispose() { if (_memory != IntPtr.Zero) { [|Marshal.FreeHGlobal(_memory)|]; _memory = IntPtr.Zero; } }
        }
        class Several : IDisposable
        {
            static readonly FinalizationRegistry<(IntPtr Thing, int Flags)> s_gone = new(static held => N.thing_free(held.Thing, held.Flags));
            readonly IntPtr _thing = N.thing_new();
            public Several() => s_gone.Register(this, (_thing, 1));
            public void Dispose() => [|N.thing_free(_thing, 1)|];
        }
        class Pooled : IDisposable
        {
            static readonly FinalizationRegistry<byte[]> s_gone = new(static buffer => System.Buffers.ArrayPool<byte>.Shared.Return(buffer));
            readonly byte[] _buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(99);
            public Pooled() => s_gone.Register(this, _buffer);
            public void Dispose() => [|System.Buffers.ArrayPool<byte>.Shared.Return(_buffer)|];
        }
        class Slot : IDisposable
        {
            static readonly SemaphoreSlim s_slots = new(4);
            static readonly FinalizationRegistry<int> s_gone = new(static _ => s_slots.Release());
            public Slot() { s_slots.Wait(); s_gone.Register(this, 0); }
            public void Dispose() => [|s_slots.Release()|];
        }
        class Pattern : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Pattern() { s_gone.Register(this, _thing); }
            public void Dispose() => Dispose(true);
            protected virtual void Dispose(bool disposing) { if (disposing) { [|N.thing_unref(_thing)|]; } }
        }
        class Helper : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Helper() { s_gone.Register(this, _thing); }
            public void Dispose() { Unref(); }
            void Unref() => [|N.thing_unref(_thing)|];
        }
        class Boxed : IDisposable
        {
            sealed class State { public IntPtr Thing; }
            static readonly FinalizationRegistry<State> s_gone = new(static state => N.thing_unref(state.Thing));
            readonly State _state = new() { Thing = N.thing_new() };
            public Boxed() => s_gone.Register(this, _state);
            public void Dispose() { [|N.thing_unref(_state.Thing)|]; }
        }
        class Factory : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing;
            Factory(IntPtr thing) => _thing = thing;
            public static Factory Create() { var thing = N.thing_new(); var made = new Factory(thing); s_gone.Register(made, thing); return made; }
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        """ + Native);

    [Fact]
    public Task RegistriesElsewhere() => Verify<WREF405_RegistrationLeft>.Diagnostics("""
        using WeakRefs.Annotations;
        static class Leaks
        {
            public static readonly FinalizationRegistry<IntPtr> Registry = new(static thing => N.thing_unref(thing));
            public static void Track(object target, IntPtr thing) => Registry.Register(target, thing);
        }
        class Static : IDisposable
        {
            readonly IntPtr _thing = N.thing_new();
            public Static() => Leaks.Registry.Register(this, _thing);
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        class Tracked : IDisposable
        {
            readonly IntPtr _thing = N.thing_new();
            public Tracked() => Leaks.Track(this, _thing);
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        class Deaths
        {
            public void When([WeakTarget] object target, [HeldValue] IntPtr held, [CleanupCallback] Action<IntPtr> gone) { }
            public void Forget([UnregisterToken] object target) { }
        }
        class Annotated : IDisposable
        {
            static readonly Deaths s_deaths = new();
            readonly IntPtr _thing = N.thing_new();
            public Annotated() => s_deaths.When(this, _thing, static thing => N.thing_unref(thing));
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        class Forgets : IDisposable
        {
            static readonly Deaths s_deaths = new();
            readonly IntPtr _thing = N.thing_new();
            public Forgets() => s_deaths.When(this, _thing, static thing => N.thing_unref(thing));
            public void Dispose() { s_deaths.Forget(this); N.thing_unref(_thing); }
        }
        """ + Native);

    [Fact]
    public Task SilentWhereItIsTakenBack() => Verify<WREF405_RegistrationLeft>.Diagnostics("""
        class Token : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Token() { s_gone.Register(this, _thing, this); }
            public void Dispose() { if (s_gone.Unregister(this)) N.thing_unref(_thing); }
        }
        class Kept : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            readonly Registration _registration;
            public Kept() { _registration = s_gone.Register(this, _thing); }
            public void Dispose() { Drop(_registration); N.thing_unref(_thing); }
            static void Drop(Registration registration) => registration.Unregister();
        }
        static class Leaks
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            public static void Track(object target, IntPtr thing) => s_gone.Register(target, thing, target);
            public static void Forget(object target) => s_gone.Unregister(target);
        }
        class Elsewhere : IDisposable
        {
            readonly IntPtr _thing = N.thing_new();
            public Elsewhere() => Leaks.Track(this, _thing);
            public void Dispose() { Leaks.Forget(this); N.thing_unref(_thing); }
        }
        class OwnRegistry : IDisposable
        {
            readonly FinalizationRegistry<IntPtr> _gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public OwnRegistry() { _gone.Register(this, _thing); }
            public void Dispose() { _gone.Dispose(); N.thing_unref(_thing); }
        }
        """ + Native);

    [Fact]
    public Task SilentWhereTwiceIsOnce() => Verify<WREF405_RegistrationLeft>.Diagnostics("""
        class Boxed : IDisposable
        {
            sealed class Box { public IntPtr Thing; }
            static readonly FinalizationRegistry<Box> s_gone = new(static box => Free(box));
            readonly Box _box = new() { Thing = N.thing_new() };
            public Boxed() => s_gone.Register(this, _box);
            static void Free(Box box) { var thing = Interlocked.Exchange(ref box.Thing, IntPtr.Zero); if (thing != IntPtr.Zero) N.thing_unref(thing); }
            public void Dispose() => Free(_box);
        }
        class Emptied : IDisposable
        {
            sealed class State { public IntPtr Thing; }
            static readonly FinalizationRegistry<State> s_gone = new(static state => N.thing_unref(state.Thing));
            readonly State _state = new() { Thing = N.thing_new() };
            public Emptied() => s_gone.Register(this, _state);
            public void Dispose() { N.thing_unref(_state.Thing); _state.Thing = IntPtr.Zero; }
        }
        class Flagged : IDisposable
        {
            sealed class State { public IntPtr Thing; public bool Done; }
            static readonly FinalizationRegistry<State> s_gone = new(static state => { if (!state.Done) N.thing_unref(state.Thing); });
            readonly State _state = new() { Thing = N.thing_new() };
            public Flagged() => s_gone.Register(this, _state);
            public void Dispose() { _state.Done = true; N.thing_unref(_state.Thing); }
        }
        class Listed : IDisposable
        {
            static readonly HashSet<IntPtr> s_live = new();
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => { lock (s_live) { if (s_live.Remove(thing)) N.thing_unref(thing); } });
            readonly IntPtr _thing = N.thing_new();
            public Listed() { lock (s_live) s_live.Add(_thing); s_gone.Register(this, _thing); }
            public void Dispose() { lock (s_live) { if (s_live.Remove(_thing)) N.thing_unref(_thing); } }
        }
        class Disposes : IDisposable
        {
            static readonly FinalizationRegistry<Stream> s_gone = new(static stream => stream.Dispose());
            readonly Stream _stream = File.Create("a");
            public Disposes() => s_gone.Register(this, _stream);
            public void Dispose() => _stream.Dispose();
        }
        class Deletes : IDisposable
        {
            static readonly FinalizationRegistry<string> s_gone = new(File.Delete);
            readonly string _path = "a";
            public Deletes() => s_gone.Register(this, _path);
            public void Dispose() => File.Delete(_path);
        }
        class Counted : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Counted() { N.thing_ref(_thing); s_gone.Register(this, _thing); }
            public void Dispose() => N.thing_unref(_thing);
        }
        class Either : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            readonly bool _isShared;
            public Either(bool isShared) { _isShared = isShared; if (_isShared) s_gone.Register(this, _thing); }
            public void Dispose() { if (!_isShared) N.thing_unref(_thing); }
        }
        class Others : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new(), _other = N.thing_new();
            public Others() => s_gone.Register(this, _thing);
            public void Dispose() => N.thing_unref(_other);
        }
        class Logs : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => Console.WriteLine("leaked " + thing));
            readonly IntPtr _thing = N.thing_new();
            public Logs() => s_gone.Register(this, _thing);
            public void Dispose() => N.thing_unref(_thing);
        }
        class Part : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Part(object whole) => s_gone.Register(whole, _thing);
            public void Dispose() => N.thing_unref(_thing);
        }
        """ + Native);

    [Fact]
    public Task MessageNamesReleaseAndRegistry() => Verify<WREF405_RegistrationLeft>.Diagnostics(
        """
        class Thing : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Thing() { {|#1:s_gone.Register(this, _thing)|}; }
            public void Dispose() => {|#0:N.thing_unref(_thing)|};
        }
        """ + Native,
        Verify<WREF405_RegistrationLeft>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("thing_unref", "s_gone"));

    [Fact]
    public Task BrokenCode() => Verify<WREF405_RegistrationLeft>.Diagnostics(
        """
        class Thing : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing);
            static readonly FinalizationRegistry<Missing> s_missing = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            public Thing() { s_gone.Register(this, _thing); s_missing.Register(this, _thing); s_gone.Register(this, ); }
            public void Dispose() => N.thing_unref();
        }
        """ + Native,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixTakesItBackAndKeepsTrivia() => Verify<WREF405_RegistrationLeft, WREF405_Unregister>.Fix(
        """
        class Told : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();

            public Told()
            {
                s_gone.Register(this, _thing, this); // with a token
            }

            public void Dispose()
            {
                // at once
                [|N.thing_unref(_thing)|]; // here
                GC.SuppressFinalize(this);
            }
        }

        class Kept : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            readonly Registration _registration;

            public Kept() => _registration = s_gone.Register(this, _thing);

            // done
            public void Dispose() => [|N.thing_unref(_thing)|]; // with it
        }

        class Untold : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            bool _disposed;

            public Untold()
            {
                s_gone.Register(this, /* held */ _thing);
            }

            public void Dispose()
            {
                if (!_disposed)
                    [|N.thing_unref(_thing)|];
                _disposed = true;
            }
        }

        """ + Native,
        """
        class Told : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();

            public Told()
            {
                s_gone.Register(this, _thing, this); // with a token
            }

            public void Dispose()
            {
                // at once
                if (s_gone.Unregister(this))
                {
                    N.thing_unref(_thing);
                } // here
                GC.SuppressFinalize(this);
            }
        }

        class Kept : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            readonly Registration _registration;

            public Kept() => _registration = s_gone.Register(this, _thing);

            // done
            public void Dispose()
            {
                if (_registration.Unregister())
                {
                    N.thing_unref(_thing);
                }
            } // with it
        }

        class Untold : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing = N.thing_new();
            bool _disposed;

            public Untold()
            {
                s_gone.Register(this, /* held */ _thing, this);
            }

            public void Dispose()
            {
                if (!_disposed)
                    if (s_gone.Unregister(this))
                    {
                        N.thing_unref(_thing);
                    }
                _disposed = true;
            }
        }

        """ + Native);

    [Fact]
    public Task NoFixWhereTheRegistrationIsMadeElsewhere() => Verify<WREF405_RegistrationLeft, WREF405_Unregister>.NoFix("""
        static class Leaks
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            public static void Track(object target, IntPtr thing) => s_gone.Register(target, thing);
        }
        class Tracked : IDisposable
        {
            readonly IntPtr _thing = N.thing_new();
            public Tracked() => Leaks.Track(this, _thing);
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        class Given : IDisposable
        {
            static readonly FinalizationRegistry<IntPtr> s_gone = new(static thing => N.thing_unref(thing));
            readonly IntPtr _thing;
            Given(IntPtr thing) => _thing = thing;
            public static Given Make() { var thing = N.thing_new(); var made = new Given(thing); s_gone.Register(made, thing); return made; }
            public void Dispose() => [|N.thing_unref(_thing)|];
        }
        """ + Native);
}
