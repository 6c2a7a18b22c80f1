namespace WeakRefAnalyzers.Tests;

public class WREF507_NoKeepAliveTests
{
    private const string Native = """

            [DllImport("n")] static extern IntPtr thing_new();
            [DllImport("n")] static extern void thing_free(IntPtr thing);
            [DllImport("n")] static extern int thing_size(IntPtr thing);
            [DllImport("n")] static extern IntPtr thing_data(IntPtr thing);
            [DllImport("n")] static extern int thing_refs(HandleRef thing);
            ~Thing() => thing_free(_handle);
            public void Dispose() { thing_free(_handle); GC.SuppressFinalize(this); }
        }
        """;

    [Fact]
    public Task LastUseOfTheOwner() => Verify<WREF507_NoKeepAlive>.Diagnostics("""
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();
            int _size;
            IntPtr Handle => _handle;

            int Size => [|thing_size(_handle)|];
            int ByProperty { get { return [|thing_size(Handle)|]; } }
            int this[int i] => [|thing_size(_handle)|] + i;
            void Statement() { Console.WriteLine(); [|thing_size(_handle)|]; }
            int Local() { var handle = _handle; return [|thing_size(handle)|]; }
            int Added() { return _size + [|thing_size(_handle)|]; }
            int Pointer() { var data = [|thing_data(_handle)|]; return Marshal.ReadInt32(data); }
            int Last() { thing_size(_handle); return [|thing_size(_handle)|]; }
            int BeforeALoop(int n) { var size = [|thing_size(_handle)|]; while (n > 0) { n--; } return size; }
            void Loop(int n) { for (var i = 0; i < n; i++) { [|thing_size(_handle)|]; } }
            void LocalInLoop(int n) { var handle = _handle; for (var i = 0; i < n; i++) { [|thing_size(handle)|]; } }
            int EarlyExit(bool b) { if (b) { GC.KeepAlive(this); return 0; } return [|thing_size(_handle)|]; }
            int OtherCatch() { try { return [|thing_size(_handle)|]; } catch (Exception) { return -1; } }
        """ + Native);

    [Fact]
    public Task KeptAlive() => Verify<WREF507_NoKeepAlive>.Diagnostics("""
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();
            IntPtr _borrowed;
            int _size;

            Thing() { thing_size(_handle); }
            void AtTheEnd() { thing_size(_handle); GC.KeepAlive(this); }
            int InFinally() { try { return thing_size(_handle); } finally { GC.KeepAlive(this); } }
            void AfterIf(bool b) { if (b) { thing_size(_handle); } else { thing_data(_handle); } GC.KeepAlive(this); }
            void BothWays(bool b) { thing_size(_handle); if (b) { GC.KeepAlive(this); } else { _size = 1; } }
            void LaterUse() { var size = thing_size(_handle); _size = size; }
            void Assigned() { _size = thing_size(_handle); }
            void Compound() { _size += thing_size(_handle); }
            int Consumed() { return Twice(thing_size(_handle)); }
            int RightOperand() { return thing_size(_handle) + _size; }
            int Throws(bool b) { var size = thing_size(_handle); if (b) throw new Exception(); return size + _size; }
            int ByRef() { return thing_refs(new HandleRef(this, _handle)); }
            int Another() { return thing_size(_borrowed); }
            static int Static(IntPtr handle) => thing_size(handle);
            async Task Async() { await Task.Yield(); thing_size(_handle); }
            IEnumerable<int> Iterator() { yield return thing_size(_handle); }
            Func<int> Lambda() => () => thing_size(_handle);
            void Loop(int n) { while (_size < n) { thing_size(_handle); } }
            int Twice(int n) => 2 * n;
            void OneWay(bool b) { thing_size(_handle); if (b) { GC.KeepAlive(this); } }
            void NextTime(int n) { for (var i = 0; i < n; i++) { thing_size(_handle); if (i == 0) { _size = n; } } }
            int Failed() { var r = thing_size(_handle); if (r < 0) return -1; GC.KeepAlive(this); return r; }
            int Switched() { switch (thing_size(_handle)) { case 0: return 0; case 1: _size = 1; return 1; default: return 2; } }
            int InCatch() { try { return thing_size(_handle); } catch (Exception) { _size = 0; throw; } }
            int InFilter() { try { return thing_size(_handle); } catch (Exception) when (_size > 0) { return -1; } }
            int InInnerFinally(bool b) { try { try { return thing_size(_handle); } finally { if (b) { _size = 0; } } } catch (Exception) { return -1; } }
        """ + Native);

    [Fact]
    public Task WithoutAFinalizerThatReleases() => Verify<WREF507_NoKeepAlive>.Diagnostics("""
        class NoFinalizer { IntPtr _handle; int Size => thing_size(_handle); [DllImport("n")] static extern int thing_size(IntPtr thing); }
        class Other { IntPtr _handle; int Size => thing_size(_handle); ~Other() { Console.WriteLine(); } [DllImport("n")] static extern int thing_size(IntPtr thing); }
        class Safe { SafeHandle _handle; int Size => thing_size(_handle); ~Safe() { _handle.Dispose(); } [DllImport("n")] static extern int thing_size(SafeHandle thing); }
        """);

    [Fact]
    public Task MessageNamesOwnerCallAndHandle() => Verify<WREF507_NoKeepAlive>.Diagnostics(
        """
        class Image
        {
            IntPtr _bits = Marshal.AllocHGlobal(4);

            int Sum() => {|#0:sum_of(_bits)|};

            [DllImport("n")] static extern int sum_of(IntPtr bits);

            ~{|#1:Image|}() => Marshal.FreeHGlobal(_bits);
        }
        """,
        Verify<WREF507_NoKeepAlive>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Image", "sum_of", "_bits"));

    [Fact]
    public Task FinalizersOfBases() => Verify<WREF507_NoKeepAlive>.Diagnostics("""
        abstract class Base : IDisposable
        {
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected abstract void Dispose(bool disposing);
            ~Base() { Dispose(false); }
        }
        class Derived : Base
        {
            [DllImport("n")] static extern int close(IntPtr h);
            [DllImport("n")] static extern int use(IntPtr h);
            IntPtr _h;
            protected override void Dispose(bool disposing) { close(_h); }
            public int Use() => [|use(_h)|];
            public int Kept() { var r = use(_h); GC.KeepAlive(this); return r; }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF507_NoKeepAlive>.Diagnostics(
        """
        class Thing
        {
            IntPtr _handle;
            int A() => [|thing_size(_handle|];
            int B() { return thing_missing(_handle); }
            int C( { thing_size() }
        """ + Native,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixKeepsAliveBehindTheCall() => Verify<WREF507_NoKeepAlive, WREF507_KeepAlive>.Fix(
        """
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();

            int Size => [|thing_size(_handle)|];

            int First()
            {
                Console.WriteLine();
                var data = [|thing_data(_handle)|];
                return Marshal.ReadInt32(data);
            }

            void Touch() => [|thing_size(_handle)|];
        """ + Native,
        """
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();

            int Size
            {
                get
                {
                    var result = thing_size(_handle);
                    GC.KeepAlive(this);
                    return result;
                }
            }

            int First()
            {
                Console.WriteLine();
                try
                {
                    var data = thing_data(_handle);
                    return Marshal.ReadInt32(data);
                }
                finally
                {
                    GC.KeepAlive(this);
                }
            }

            void Touch()
            {
                thing_size(_handle);
                GC.KeepAlive(this);
            }
        """ + Native);

    [Fact]
    public Task FixKeepsTriviaOnNetFramework() => Verify<WREF507_NoKeepAlive, WREF507_KeepAlive>.Fix(
        """
        using System;
        using System.Runtime.InteropServices;

        class Image
        {
            private IntPtr _bits = Marshal.AllocHGlobal(4);

            // the sum
            public int Sum(bool twice)
            {
                // once
                if (twice)
                    sum_of(_bits); // and again

                // the result
                return [|sum_of(/* all */ _bits)|]; // done
                // end
            }

            [DllImport("n")] static extern int sum_of(IntPtr bits);

            ~Image() { Marshal.FreeHGlobal(_bits); }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        class Image
        {
            private IntPtr _bits = Marshal.AllocHGlobal(4);

            // the sum
            public int Sum(bool twice)
            {
                // once
                if (twice)
                    sum_of(_bits); // and again

                // the result
                var result = sum_of(/* all */ _bits);
                GC.KeepAlive(this);
                return result; // done
                // end
            }

            [DllImport("n")] static extern int sum_of(IntPtr bits);

            ~Image() { Marshal.FreeHGlobal(_bits); }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    /// <summary>A pointer that the call gave is good for as long as the object: what uses it stays under the finally.</summary>
    [Fact]
    public Task FixDependsOnWhatTheCallGives() => Verify<WREF507_NoKeepAlive, WREF507_KeepAlive>.Fix(
        """
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();

            int Count(bool twice)
            {
                int result = 0;
                // the size
                var size = [|thing_size(_handle)|]; // of the thing
                result += size;
                return result;
            }

            void Branch(bool twice)
            {
                if (twice)
                    // once
                    [|thing_size(_handle)|]; // and again
                else
                    Console.WriteLine();
            }

            IntPtr Data()
            {
                if (_handle == IntPtr.Zero)
                    return IntPtr.Zero;
                return [|thing_data(_handle)|];
            }

            int Used()
            {
                // the data
                IntPtr data = [|thing_data(_handle)|]; // of it
                return Marshal.ReadInt32(data);
            }
        """ + Native,
        """
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();

            int Count(bool twice)
            {
                int result = 0;
                // the size
                var size = thing_size(_handle); // of the thing
                GC.KeepAlive(this);
                result += size;
                return result;
            }

            void Branch(bool twice)
            {
                if (twice)
                {
                    // once
                    thing_size(_handle); // and again
                    GC.KeepAlive(this);
                }
                else
                    Console.WriteLine();
            }

            IntPtr Data()
            {
                if (_handle == IntPtr.Zero)
                    return IntPtr.Zero;
                var result = thing_data(_handle);
                GC.KeepAlive(this);
                return result;
            }

            int Used()
            {
                // the data
                try
                {
                    IntPtr data = thing_data(_handle); // of it
                    return Marshal.ReadInt32(data);
                }
                finally
                {
                    GC.KeepAlive(this);
                }
            }
        """ + Native);

    [Fact]
    public Task FixFollowsTheProjectsStyleAndLineEnds() => Verify<WREF507_NoKeepAlive, WREF507_KeepAlive>.Fix(
        """
        class Thing
        {
        	private IntPtr _bits = Marshal.AllocHGlobal(4);

        	int Size => [|size_of(_bits)|]; // of the thing

        	[DllImport("n")] static extern int size_of(IntPtr bits);

        	~Thing() { Marshal.FreeHGlobal(_bits); }
        }

        """.ReplaceLineEndings("\r\n"),
        """
        class Thing
        {
        	private IntPtr _bits = Marshal.AllocHGlobal(4);

        	int Size
        	{
        		get
        		{
        			int result = size_of(_bits);
        			GC.KeepAlive(this);
        			return result;
        		}
        	} // of the thing

        	[DllImport("n")] static extern int size_of(IntPtr bits);

        	~Thing() { Marshal.FreeHGlobal(_bits); }
        }

        """.ReplaceLineEndings("\r\n"),
        new Options { EditorConfig = "csharp_style_var_for_built_in_types = false" });

    [Fact]
    public Task NoFixBeforeALabel() => Verify<WREF507_NoKeepAlive, WREF507_KeepAlive>.NoFix("""
        class Thing : IDisposable
        {
            IntPtr _handle = thing_new();

            int M(bool b)
            {
                if (b) goto end;
                var data = [|thing_data(_handle)|];
            end:
                return 0;
            }
        """ + Native);
}
