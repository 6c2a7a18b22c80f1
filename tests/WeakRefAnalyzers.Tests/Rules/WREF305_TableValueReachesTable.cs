namespace WeakRefAnalyzers.Tests;

public class WREF305_TableValueReachesTableTests
{
    private const string Types = """

        class V { public object Owner; public V() { } public V(object owner) => Owner = owner; }
        class WeakV { readonly WeakReference<object> _owner; public WeakV(object owner) => _owner = new(owner); }
        """;

    [Fact]
    public Task ValuesThatLeadToTheirTable() => Verify<WREF305_TableValueReachesTable>.Diagnostics("""
        class C
        {
            readonly ConditionalWeakTable<object, object> _table = new();
            ConditionalWeakTable<object, Action> Actions { get; } = new();
            readonly ConditionalWeakTable<object, V> _values = new();

            void M(object key)
            {
                _table.Add(key, [|this|]);
                _table.Add(key, [|_table|]);
                _table.Add(key, [|new V { Owner = _table }|]);
                _table.AddOrUpdate(key, [|new V(this)|]);
                _table.TryAdd(key, [|(this, 1)|]);
                Actions.Add(key, [|() => M(null)|]);
                Actions.Add(key, [|Close|]);
                this._values.GetValue(key, [|k => new V(this)|]);
                _values.GetValue(key, [|k => { if (k is string) return null; return new V(this); }|]);
                _values.GetValue(key, [|Create|]);
                _values.GetValue(key, [|new ConditionalWeakTable<object, V>.CreateValueCallback(Create)|]);
            }

            void Subscribed(object key)
            {
                var process = new System.Diagnostics.Process();
                process.Exited += Exited;
                _table.Add(key, [|process|]);
            }

            void Exited(object sender, EventArgs e) { }

            V Create(object key) => new V(this);

            void Close() { }

            static object Local()
            {
                var key = new object();
                var table = new ConditionalWeakTable<object, object>();
                table.Add(key, [|new V(table)|]);
                return key;
            }

            static void Other(C other, object key) => other._table.Add(key, [|new V(other)|]);
        }
        """ + Types);

    [Fact]
    public Task ValuesThatDoNotAreSilent() => Verify<WREF305_TableValueReachesTable>.Diagnostics("""
        class C
        {
            static readonly ConditionalWeakTable<object, object> s_table = new();
            readonly ConditionalWeakTable<object, object> _table = new();
            readonly ConditionalWeakTable<object, Action> _actions = new();
            readonly ConditionalWeakTable<object, V> _values = new();
            readonly object _key = new();
            readonly string _name = "";

            void M(object key, V v)
            {
                s_table.Add(key, new V(this));
                s_table.Add(key, s_table);
                _table.Add(key, key);
                _table.Add(key, new V(key));
                _table.Add(key, new { key });
                _table.Add(key, v);
                _table.Add(key, new object());
                _table.Add(key, _name);
                _table.Add(key, new WeakReference<C>(this));
                _table.Add(key, new WeakV(this));
                _table.Add(this, new V(this));
                _table.Add(_key, new V(this));
                _actions.Add(key, static () => { });
                _actions.Add(key, () => Console.WriteLine(key));
                _values.GetValue(key, k => new V(k));
                _values.GetValue(key, Create);
                _values.GetOrCreateValue(key);
            }

            // In M this lambda would put 'this' into the closure of the one that uses 'key'.
            void N(object key) => _values.GetValue(key, k => { Console.WriteLine(_name); return new V(); });

            V Create(object key) => new V(key.ToString() + _name);
        }

        class Removes
        {
            readonly ConditionalWeakTable<object, V> _table = new();

            void Open(object key) => _table.Add(key, new V(this));

            void Close(object key) => _table.Remove(key);
        }
        """ + Types);

    [Fact]
    public Task OldCode() => Verify<WREF305_TableValueReachesTable>.Diagnostics(
        """
        using System.Runtime.CompilerServices;

        class V { readonly C _owner; public V(C owner) { _owner = owner; } }

        class C
        {
            private readonly ConditionalWeakTable<object, V> _table = new ConditionalWeakTable<object, V>();

            void M(object key)
            {
                _table.Add(key, [|new V(this)|]);
                _table.Add(key, new V(null));
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task MessageAndCause() => Verify<WREF305_TableValueReachesTable>.Diagnostics(
        """
        class C
        {
            readonly ConditionalWeakTable<object, V> _views = new();

            void M(object view) => _views.Add(view, {|#0:new V({|#1:this|})|});
        }
        """ + Types,
        Verify<WREF305_TableValueReachesTable>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("view", "_views", "this"));

    [Fact]
    public Task BrokenCode() => Verify<WREF305_TableValueReachesTable>.Diagnostics(
        """
        class C
        {
            readonly ConditionalWeakTable<object, V> _table = new();

            void M(object key)
            {
                _table.Add(key, );
                _table.Add(, new V(this));
                _table.Add(key, new Missing(this));
                _table.GetValue(key, k => );
                _missing.Add(key, new V(this));
                _table.Add(key, new
            }
        """ + Types,
        new Options { CompilerErrors = true });

    [Theory]
    [InlineData("", false)]
    [InlineData("public static readonly C Only = new();", true)]
    [InlineData("public static C Only { get; } = new();", true)]
    [InlineData("static readonly Lazy<C> s_only = new(() => new C());", true)]
    public async Task AnOwnerThatLivesAsLongAsTheProcess(string only, bool isOnly) => Assert.Equal(
        isOnly ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
        await Severities.Of<WREF305_TableValueReachesTable>($$"""
            class C
            {
                {{only}}
                readonly ConditionalWeakTable<object, V> _table = new();
                public void M(object key) => _table.Add(key, new V(this));
            }
            """ + Types));
}
