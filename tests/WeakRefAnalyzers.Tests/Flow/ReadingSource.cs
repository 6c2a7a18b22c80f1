namespace WeakRefAnalyzers.Tests;

/// <summary>A class with a reference of every role, for the members under test.</summary>
internal static class ReadingSource
{
    private const string Before = """
        class C
        {
            WeakReference w; WeakReference<T> g; WeakRef<T> r; Annotated a; List<WeakReference> list; List<WeakReference<T>> gl;
            WeakCache<string, T> cache = new WeakCache<string, T>();
            static WeakReference s_w; static WeakReference<T> s_g; C other; bool _ok; T _strong;
            static bool s_ok; bool Ok { get; set; }
            IEnumerable<T> Ts() => list.Select(x => x.Target as T);
            void Work() { }
        void Take(T t) { t.Go(); }

        """;

    private const string After = """

        }

        class T
        {
            public int X; public T Next; public string Name; public bool Ready; public bool? Maybe;
            public bool IsOk() => Ready;
            public void Go() { }
        }

        class Annotated
        {
            [WeakRefs.Annotations.WeakRead] public T Peek() => null;
            [WeakRefs.Annotations.WeakRead] public T Current => null;
            [WeakRefs.Annotations.LivenessProbe] public bool Lives => false;
            public bool TryPeek([WeakRefs.Annotations.WeakRead] out T t) { t = null; return false; }
        }
        """;

    public static Task Check(string members, Options? options = null) =>
        Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(Before + members + After, options ?? Options.Default);
}
