using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using Xunit;

namespace WeakRefAnalyzers.Tests.Flow;

/// <summary>Each case is asked twice: of the model, and of the collector while only the value behind <c>/*?*/</c> is held.</summary>
public class RetentionTests
{
    private const string Prelude = """
        using System; using System.Collections.Generic; using System.Linq; using System.Runtime.CompilerServices;
        public class T { public int Id = 1; public string Name = "n"; public T Other; public object Self; public readonly object Back; public T() { Self = Name; Back = new Box(this); } public void Go() { } public T Me() => this; }
        public class Box { public object Value; public Box() { } public Box(object value) => Value = value; }
        public class Property { public object Value { get; } public Property(object value) { Value = value ?? throw new ArgumentNullException(nameof(value)); } }
        public class Setter { object _v; public object Value { get => _v; set { _v = value; } } }
        public class WeakSetter { WeakReference _v; public object Value { get => _v.Target; set => _v = new WeakReference(value); } }
        public class Raises { public event Action Raised; public void Raise() => Raised(); }
        public class Weak { readonly WeakReference<T> _w; public Weak(T value) => _w = new WeakReference<T>(value); }
        public class Ignores { public int Id; public Ignores(T value) => Id = value.Id; }
        public class Forgets { public int Hash; public Forgets(object value) => Hash = value.GetHashCode(); }
        public class Base { protected object Kept; public Base(object value) { Kept = value; } }
        public class Derived : Base { public Derived(T value) : base(value) { } }
        public class Chained { object _v; public Chained(T value) : this(value, 1) { } Chained(object value, int n) { _v = value; } }
        public class Adds { readonly List<object> _all = new(); public Adds(T value) { _all.Add(value); } }
        public class Inits { object _v; public Inits(T value) => Init(value); void Init(T value) { _v = value; } }
        public class Swaps { object _a; int _b; public Swaps(T value, int b) => (_a, _b) = (value, b); }
        public class Lambda { readonly Action _a; public Lambda(T value) { _a = () => value.Go(); } }
        public record Rec(T Value, int N);
        public record RecIgnores(int N) { public RecIgnores(T value) : this(value.Id) { } }
        public record RecWeak(T Value) { readonly WeakReference<T> _w = new(Value); public T Value => _w.TryGetTarget(out var value) ? value : null; }
        public record struct RecStruct(int N, T Value);
        public record RecDerived(T Value, string S) : Rec(Value, 1);
        public class Bag { public static Box Of(T value) => new Box(value); public static Box Not(T value) => new Box(value.Id); public static T Echo(T value) { return value; }
            public static object Deep(object x, int k) { if (k == 0) return Deep(x, 1); if (k == 1) return Deep(x, 2); if (k == 2) return Deep(x, 3); if (k == 3) return Deep(x, 4); return null; }
            public static object Deeper(object x, int k) { if (k == 0) return Deeper(x, 1); if (k == 1) return Deeper(x, 2); if (k == 2) return Deeper(x, 3); if (k == 3) return Odd(x, 4); return null; }
            static object Odd(object x, int k) { if (k == 5) return Deeper(x, 6); return new Box(x); } }
        """;

    [Theory]
    [InlineData(true, "t")]
    [InlineData(true, "(object)t")]
    [InlineData(true, "((object)t) as T")]
    [InlineData(false, "t.Id")]
    [InlineData(false, "t.Name")]
    [InlineData(false, "t.Self")]
    [InlineData(true, "t.Back")]
    [InlineData(false, "t.ToString()")]
    [InlineData(true, "(1, t)")]
    [InlineData(false, "(1, t.Id)")]
    [InlineData(true, "new object[] { 1, t }")]
    [InlineData(true, "new[] { new[] { t } }")]
    [InlineData(true, "new { t, X = 1 }")]
    [InlineData(true, "new { X = (object)t }")]
    [InlineData(false, "new { t.Id }")]
    [InlineData(true, "new List<T> { t }")]
    [InlineData(true, "new Dictionary<int, T> { [1] = t }")]
    [InlineData(true, "new Dictionary<T, int> { { t, 1 } }")]
    [InlineData(true, "new Box { Value = t }")]
    [InlineData(true, "new Box(t)")]
    [InlineData(false, "new Box(t.Id)")]
    [InlineData(true, "new Box(new Box(t))")]
    [InlineData(true, "new Property(t)")]
    [InlineData(true, "new Setter { Value = t }")]
    [InlineData(false, "new WeakSetter { Value = t }")]
    [InlineData(false, "new Weak(t)")]
    [InlineData(false, "new WeakReference(t)")]
    [InlineData(false, "new WeakReference<T>(t)")]
    [InlineData(false, "new Box(new WeakReference(t))")]
    [InlineData(false, "new Ignores(t)")]
    [InlineData(true, "new Derived(t)")]
    [InlineData(true, "new Chained(t)")]
    [InlineData(true, "new Adds(t)")]
    [InlineData(true, "new Inits(t)")]
    [InlineData(true, "new Swaps(t, 1)")]
    [InlineData(true, "new Lambda(t)")]
    [InlineData(true, "new Rec(t, 1)")]
    [InlineData(true, "new Rec(null, 1) with { Value = t }")]
    [InlineData(false, "new RecIgnores(t)")]
    [InlineData(false, "new RecWeak(t)")]
    [InlineData(true, "new RecStruct(1, t)")]
    [InlineData(true, "new RecDerived(t, null)")]
    [InlineData(true, "Bag.Of(t)")]
    [InlineData(false, "Bag.Not(t)")]
    [InlineData(true, "Bag.Echo(t)")]
    [InlineData(false, "Bag.Deep(t, 0)")]
    [InlineData(true, "Bag.Deeper(t, 0)")]
    [InlineData(true, "Tuple.Create(1, t)")]
    [InlineData(true, "new Tuple<T>(t)")]
    [InlineData(true, "new KeyValuePair<int, T>(1, t)")]
    [InlineData(true, "KeyValuePair.Create(t, 1)")]
    [InlineData(true, "new StrongBox<T>(t)")]
    [InlineData(true, "new Lazy<T>(() => t)")]
    [InlineData(true, "System.Threading.Tasks.Task.FromResult(t)")]
    [InlineData(true, "(Action)t.Go")]
    [InlineData(true, "new Action(t.Go)")]
    [InlineData(true, "(Action)(() => t.Go())")]
    [InlineData(true, "(Func<Action>)(() => () => t.Go())")]
    [InlineData(true, "new Box((Action)(() => t.Go()))")]
    [InlineData(true, "t.Id == 1 ? (object)t : null")]
    [InlineData(true, "(object)null ?? t")]
    [InlineData(true, "t.Id switch { 1 => (object)t, _ => null }")]
    [InlineData(false, "$\"{t}\"")]
    [InlineData(false, "nameof(t)")]
    public void ExpressionIsAsAtRunTime(bool kept, string expression) =>
        Check(kept, $"return (/*?*/Hold({expression}), t);");

    [Theory]
    [InlineData(true, "var a = t; return (/*?*/Hold(a), t);", "alias")]
    [InlineData(true, "T a = null; a = t; return (/*?*/Hold((1, a)), t);", "alias assigned later")]
    [InlineData(false, "var a = t; a = new T(); return (/*?*/Hold(a), t);", "no alias any more")]
    [InlineData(true, "if ((object)t is T q) { return (/*?*/Hold(q), t); } return default;", "pattern alias")]
    [InlineData(true, "var pair = (t, 1); return (/*?*/Hold(pair), t);", "local tuple")]
    [InlineData(true, "var list = new List<object>(); list.Add(t); return (/*?*/Hold(list), t);", "filled later")]
    [InlineData(false, "var list = new List<object>(); list.Add(t.Id); return (/*?*/Hold(list), t);", "filled with something else")]
    [InlineData(true, "var raises = new Raises(); raises.Raised += t.Go; return (/*?*/Hold(raises), t);", "event subscribed later")]
    [InlineData(true, "var box = new Box(); box.Value = t; return (/*?*/Hold(box), t);", "member set later")]
    [InlineData(true, "var a = new object[1]; a[0] = t; return (/*?*/Hold(a), t);", "element set later")]
    [InlineData(true, "Action use = () => t.Go(); return (/*?*/Hold(use), t);", "local delegate")]
    [InlineData(true, "Action use = () => t.Go(); return (/*?*/Hold((Action)(() => use())), t);", "through a local delegate")]
    [InlineData(
        true,
        "int id = 1; Action use = () => t.Go(); use(); return (/*?*/Hold((Action)(() => Console.Write(id))), t);",
        "shared closure")]
    [InlineData(true, "var box = new Box(t); return (/*?*/Hold((Action)(() => Console.Write(box))), t);", "captured box")]
    [InlineData(
        false,
        "var weak = new WeakReference(t); return (/*?*/Hold((Action)(() => Console.Write(weak.Target))), t);",
        "captured weak reference")]
    [InlineData(
        false,
        "var q = t; int id = 1; Action use = () => q.Go(); use(); q = null; return (/*?*/Hold((Action)(() => Console.Write(id))), t);",
        "captured variable cleared")]
    [InlineData(
        true,
        "EventHandler h = null; h = (s, e) => { t.Go(); h = null; }; return (/*?*/Hold(h), t);",
        "a handler that removes itself")]
    [InlineData(true, "var box = new Box(t); return (/*?*/Hold((box, new Forgets(box))), t);", "kept, then asked about in vain")]
    [InlineData(true, "var box = new Box(t); return (/*?*/Hold((new Forgets(box), box)), t);", "asked about in vain, then kept")]
    [InlineData(
        true,
        "var box = new Box(t); return (/*?*/Hold((new Forgets(box), (Action)(() => Console.Write(box)))), t);",
        "asked about in vain, then captured")]
    [InlineData(
        true,
        "var box = new Box(t); Action use = () => Console.Write(box); return (/*?*/Hold((new Forgets(use), use)), t);",
        "the same through a delegate")]
    [InlineData(false, "var a = new Box(); var b = new Box(a); a.Value = b; return (/*?*/Hold((a, b)), t);", "a circle without it")]
    [InlineData(true, "var a = new List<object>(); var b = new Box(a); a.Add(b); a.Add(t); return (/*?*/Hold(b), t);", "a circle with it")]
    [InlineData(
        true,
        "var a = new List<object>(); var b = new Box(a); a.Add(b); a.Add(t); return (/*?*/Hold((new Forgets(b), a)), t);",
        "a circle, asked about in vain from its other end")]
    public void BodyIsAsAtRunTime(bool kept, string body, string why) => Check(kept, body, why);

    private static void Check(bool kept, string body, string why = "")
    {
        var program = new KeptProgram(Prelude
            + $"public class C {{ static object Hold(object o) => o; public static (object, object) Make(T t) {{ {body} }} }}");
        Assert.True(kept == program.OutlivesACollection(), $"run time: {why}");

        var call = program.MarkedNode().FirstAncestorOrSelf<InvocationExpressionSyntax>()!;
        var held = ((IInvocationOperation)program.Model.GetOperation(call)!).Arguments[0].Value;
        var parameter = Operations.RootOf(held)
            .Descendants()
            .OfType<IParameterReferenceOperation>()
            .First(reference => reference.Parameter.Name == "t");
        var known = new KnownFacts();
        var hold = new Retention(program.Compilation, known).Find(held, Reference.Of(parameter, known)!);
        Assert.True(kept == (hold is not null), $"model: {why}");
    }
}
