using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using Xunit;

namespace WeakRefAnalyzers.Tests.Flow;

/// <summary>
/// Each case is asked twice: the model says what the delegate behind <c>/*?*/</c> keeps alive, and the program is run
/// to see whether the object outlives a collection while only that delegate is held. The two must agree.
/// </summary>
public class ClosuresTests
{
    private const string Prelude = """
        using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks;
        public class T { public int Id = 1; public void Go() { } }
        public class B { public static void Use(Action a) => a(); public static bool Ask(Func<bool> f) => f(); public static Action First(Action x, Action y) => x;
            public static void Get(T t, out T o) => o = t; public B() { } public B(Action a) { } }
        public class E : Exception { public T T; public E(T t) { T = t; } }
        """;

    [Theory]
    [InlineData("t", true, "int id = 1; Use(() => t.Go()); return (/*?*/() => Console.Write(id), t);", "parameter and body local share")]
    [InlineData("t", true, "return (/*?*/() => t.Go(), t);", "own capture")]
    [InlineData("t", true, "return (/*?*/delegate { t.Go(); }, t);", "anonymous method")]
    [InlineData("t", false, "Use(() => t.Go()); return (/*?*/static () => Console.Write(1), t);", "static lambda")]
    [InlineData("t", false, "int id = 1; return (/*?*/() => Console.Write(nameof(t) + id), t);", "nameof is no use")]
    [InlineData(
        "t",
        false,
        "Use(() => t.Go()); { int id = 1; return (/*?*/() => Console.Write(id), t); }",
        "inner block with its own variables only")]
    [InlineData(
        "t",
        true,
        "int n = 2; Use(() => t.Go()); { int id = 1; Use(() => Console.Write(id + n)); return (/*?*/() => Console.Write(id), t); }",
        "one outer variable links the inner closure")]
    [InlineData(
        "t",
        true,
        "int id = 1; void L() => t.Go(); L(); return (/*?*/() => Console.Write(id), t);",
        "local function called directly, environment lifted by the lambda")]
    [InlineData("t", true, "int id = 1; void L() => t.Go(); return (/*?*/() => Console.Write(id), t);", "local function never called")]
    [InlineData(
        "t",
        true,
        "int id = 1; void L() => Console.Write(id); void K() => t.Go(); K(); Action a = /*?*/L; return (a, t);",
        "local function as a delegate")]
    [InlineData("t", true, "void L() => t.Go(); return (/*?*/() => L(), t);", "lambda that calls a local function")]
    [InlineData("t", true, "void L() => t.Go(); return (/*?*/() => Use(L), t);", "lambda that names a local function")]
    [InlineData(
        "t",
        true,
        "int id = 1; void L(int n) { if (n > 0) K(n - 1); } void K(int n) { L(n); t.Go(); } return (/*?*/() => L(id), t);",
        "mutual recursion")]
    [InlineData(
        "q",
        true,
        "int outer = 1; { T q = t; Use(() => q.Go()); { int id = 2; return (/*?*/() => Console.Write(id + outer), t); } }",
        "a closure on the way out is kept")]
    [InlineData(
        "q",
        false,
        "int outer = 1; { T q = t; void L() => q.Go(); L(); { int id = 2; return (/*?*/() => Console.Write(id + outer), t); } }",
        "a struct on the way out is not")]
    [InlineData(
        "q",
        true,
        "int outer = 1; { T q = t; async Task L() { await Task.Yield(); q.Go(); } L().Wait(); { int id = 2; return (/*?*/() => "
            + "Console.Write(id + outer), t); } }",
        "an async local function needs an object")]
    [InlineData(
        "q",
        true,
        "int outer = 1; { T q = t; IEnumerable<int> L() { yield return q.Id; } L().Count(); { int id = 2; return (/*?*/() => "
            + "Console.Write(id + outer), t); } }",
        "so does an iterator")]
    [InlineData(
        "x",
        false,
        "foreach (var x in new[] { t }) { int id = 1; Use(() => x.Go()); return (/*?*/() => Console.Write(id), t); } return default;",
        "foreach variable and body are two scopes")]
    [InlineData(
        "x",
        true,
        "foreach (var (x, id) in new[] { (t, 1) }) { Use(() => x.Go()); return (/*?*/() => Console.Write(id), t); } return default;",
        "deconstructed foreach variables share")]
    [InlineData(
        "x",
        false,
        "for (T x = t; ;) { int id = 1; Use(() => x.Go()); return (/*?*/() => Console.Write(id), t); }",
        "for variable and body are two scopes")]
    [InlineData(
        "q",
        false,
        "Action a = null; foreach (var x in new[] { new T(), t }) { T q = x; int id = 1; Use(() => q.Go()); a = a ?? (/*?*/() "
            + "=> Console.Write(id)); } return (a, t);",
        "one environment per iteration",
        true)]
    [InlineData(
        "q",
        true,
        "int n = 0; Action a = null; switch (n++) { case 0: int id = 1; a = /*?*/() => Console.Write(id); goto default; "
            + "default: T q = t; Use(() => q.Go()); break; } return (a, t);",
        "sections of a switch share")]
    [InlineData(
        "q",
        true,
        "switch (t) { case T q: int id = 1; Use(() => q.Go()); return (/*?*/() => Console.Write(id), t); default: return default; }",
        "pattern variables of a section share with its locals")]
    [InlineData(
        "q",
        false,
        "int id = 1; Action s = (object)t switch { T q => First(() => q.Go(), null), _ => null }; return (/*?*/() => "
            + "Console.Write(id), t);",
        "an arm is its own scope")]
    [InlineData(
        "q",
        true,
        "return t switch { T { Id: var id } q => (First(/*?*/() => Console.Write(id), () => q.Go()), t), _ => default };",
        "variables of one arm share")]
    [InlineData(
        "e",
        false,
        "try { throw new E(t); } catch (E e) { int id = 1; Use(() => e.T.Go()); return (/*?*/() => Console.Write(id), t); }",
        "catch variable and body are two scopes")]
    [InlineData(
        "q",
        true,
        "int id = 1; if ((object)t is T q) { Use(() => q.Go()); } return (/*?*/() => Console.Write(id), t);",
        "pattern variable of an if belongs to the block around")]
    [InlineData(
        "q",
        false,
        "if ((object)t is T q) { Use(() => q.Go()); int id = 1; return (/*?*/() => Console.Write(id), t); } return default;",
        "and not to the block of the if")]
    [InlineData(
        "q",
        false,
        "while ((object)t is T q) { Use(() => q.Go()); int id = 1; return (/*?*/() => Console.Write(id), t); } return default;",
        "pattern variable of a while")]
    [InlineData(
        "o",
        true,
        "Get(t, out var o); int id = 1; Use(() => o.Go()); return (/*?*/() => Console.Write(id), t);",
        "out variable of a statement")]
    [InlineData(
        "q",
        false,
        "int id = 1; try { T q = t; Use(() => q.Go()); } finally { } return (/*?*/() => Console.Write(id), t);",
        "block of a try")]
    [InlineData(
        "u",
        true,
        "Func<T, Action> f = u => { int id = 1; Use(() => u.Go()); return /*?*/() => Console.Write(id); }; return (f(t), t);",
        "lambda parameter and its body share")]
    [InlineData(
        "u",
        true,
        "Action f(T u) { int id = 1; Use(() => u.Go()); return /*?*/() => Console.Write(id); } return (f(t), t);",
        "local function parameter and its body share")]
    [InlineData(
        "t",
        true,
        "int id = 1; Use(() => t.Go()); return (/*?*/() => { Action b = () => Console.Write(id); b(); }, t);",
        "nested lambda captures through its outer one")]
    [InlineData(
        "t",
        false,
        "Use(() => t.Go()); Func<Action> f = () => { int z = 1; return /*?*/() => Console.Write(z); }; return (f(), t);",
        "lambda inside a lambda, unlinked")]
    [InlineData(
        "t",
        true,
        "int n = 0; Use(() => t.Go()); Func<Action> f = () => { int z = 1; Use(() => Console.Write(z + n)); return /*?*/() => "
            + "Console.Write(z); }; return (f(), t);",
        "lambda inside a lambda, linked by a third")]
    [InlineData(
        "t",
        true,
        "int id = 1; var n = new[] { 1 }.Where(x => x == t.Id).Count(); return (/*?*/() => Console.Write(id), t);",
        "synchronous use shares as well")]
    [InlineData(
        "t",
        true,
        "int id = 1; var n = (from x in new[] { 1 } where x == t.Id select x).Count(); return (/*?*/() => Console.Write(id), t);",
        "query clause")]
    [InlineData(
        "t",
        true,
        "int id = 1; System.Linq.Expressions.Expression<Action> e = () => t.Go(); return (/*?*/() => Console.Write(id), t);",
        "expression tree")]
    [InlineData("t", true, "int id = 1; if (id == 2) Use(() => t.Go()); return (/*?*/() => Console.Write(id), t);", "a branch never taken")]
    [InlineData(
        "u",
        true,
        "return M(t).Result; async Task<(Action, object)> M(T u) { await Task.Yield(); int id = 1; Use(() => u.Go()); return "
            + "(/*?*/() => Console.Write(id), t); }",
        "async body")]
    [InlineData(
        "t",
        false,
        "return M(t).Result; async Task<(Action, object)> M(T u) { await Task.Yield(); int id = 1; Use(() => t.Go()); return "
            + "(/*?*/() => Console.Write(id), t); }",
        "async body, unlinked to the outer one")]
    public void BodyIsAsAtRunTime(string variable, bool kept, string body, string why, bool otherIteration = false)
    {
        // What the lambda of another iteration keeps has the same name; the model speaks of the same iteration.
        Check(
            variable,
            kept,
            $"public class C : B {{ public static (Action, object) Make(T t) {{ {body} }} }}",
            why,
            modelKept: kept || otherIteration);
    }

    [Theory]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } void X() { } Action M(int id) { "
            + "Use(() => X()); return /*?*/() => Console.Write(id); }",
        "this belongs to the scope of the parameters")]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } void X() { } Action M(int id) { void "
            + "L() => X(); L(); return /*?*/() => Console.Write(id); }",
        "this through a local function")]
    [InlineData(
        "this",
        false,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } void X() { } Action M(int id) { "
            + "Use(() => X()); { int z = 1; return /*?*/() => Console.Write(z); } }",
        "inner block without this")]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } int F; Action M(int id) { { int z = "
            + "1; Use(() => Console.Write(z + F)); return /*?*/() => Console.Write(z); } }",
        "inner block linked to this")]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } public override string ToString() => "
            + "base.ToString(); Action M(int id) => /*?*/() => Console.Write(base.GetHashCode());",
        "base is this")]
    [InlineData(
        "this",
        false,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } Action M(int id) { void L() => "
            + "Console.Write(id); Action a = /*?*/L; return a; }",
        "a local function that does not use this")]
    [InlineData(
        "this",
        false,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } Action M(int id) { void L() => "
            + "Console.Write(id); return /*?*/() => L(); }",
        "nor does who calls it")]
    [InlineData(
        "this",
        false,
        "public static (Action, object) Make(T t) { var c = new C(); return (c.M(1), c); } int F; Action M(int id) => /*?*/() "
            + "=> Console.Write(new C { F = id }.F);",
        "the object of an initializer is not this")]
    [InlineData(
        "t",
        false,
        "public static (Action, object) Make(T t) => (new C(t).A, t); Action A; C() { } C(T t) { int id = 1; Use(() => t.Go()); "
            + "A = /*?*/() => Console.Write(id); }",
        "constructor: parameters and body are two scopes")]
    [InlineData(
        "t",
        true,
        "public static (Action, object) Make(T t) => (new C(t, 1).A, t); Action A; C() { } C(T t, int id) { Use(() => t.Go()); "
            + "A = /*?*/() => Console.Write(id); }",
        "constructor: parameters share")]
    [InlineData(
        "this",
        false,
        "public static (Action, object) Make(T t) { var c = new C(1); return (c.A, c); } Action A; void X() { } C() { } C(int "
            + "n) { int id = 1; Use(() => X()); A = /*?*/() => Console.Write(id); }",
        "constructor: this and body are two scopes")]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(1); return (c.A, c); } Action A; void X() { } C() { } C(int "
            + "n) { Use(() => X()); A = /*?*/() => Console.Write(n); }",
        "constructor: this and parameters share")]
    [InlineData(
        "t",
        false,
        "public static (Action, object) Make(T t) => (new C(t).A, t); Action A; C() { } C(T t) : base(() => t.Go()) { int id = "
            + "1; A = /*?*/() => Console.Write(id); }",
        "constructor initializer")]
    [InlineData(
        "value",
        true,
        "public static (Action, object) Make(T t) { var c = new C(); c.V = t; return (c.A, t); } Action A; T V { set { int id = "
            + "1; Use(() => value.Go()); A = /*?*/() => Console.Write(id); } }",
        "value of a setter")]
    public void MemberIsAsAtRunTime(string variable, bool kept, string members, string why) =>
        Check(variable, kept, $"public class C : B {{ {members} }}", why, kept);

#if ROSLYN_LATEST
    [Theory]
    [InlineData(
        "this",
        true,
        "public static (Action, object) Make(T t) { var c = new C(1); return (c.M(), c); } Action M() => /*?*/() => Console.Write(id);",
        "primary constructor parameter used later is a field")]
    [InlineData(
        "id",
        true,
        "public static (Action, object) Make(T t) { var c = new C(t); return (c.A, t); } Action A = /*?*/() => Console.Write(id);",
        "primary constructor parameter in an initializer is a variable")]
    public void PrimaryConstructorIsAsAtRunTime(string variable, bool kept, string members, string why) =>
        Check(variable, kept, $"public class C(object id) : B {{ {members} }}", why, kept);
#endif

    [Fact]
    public void AnExpressionMayBeVeryDeep()
    {
        var deep = string.Concat(Enumerable.Repeat(" + i", 15000));
        var tree = CSharpSyntaxTree.ParseText(
            $"class C {{ void M(object t, string s, int i) {{ System.Action a = () => t.ToString(); s = s{deep}; }} }}");
        var model = CSharpCompilation.Create("Case", [tree]).GetSemanticModel(tree);
        var lambda = tree.GetRoot().DescendantNodes().OfType<LambdaExpressionSyntax>().Single();
        var operation = Assert.IsAssignableFrom<IAnonymousFunctionOperation>(model.GetOperation(lambda));
        Assert.Equal("t", Assert.Single(Closures.Of(operation, new KnownFacts()).KeptBy(operation)).Variable?.Name);
    }

    private static void Check(string variable, bool kept, string source, string why, bool modelKept)
    {
        var program = new KeptProgram(Prelude + source);
        Assert.True(kept == program.OutlivesACollection(), $"run time: {why}");
        Assert.True(modelKept == ModelKeeps(program, variable), $"model: {why}");
    }

    private static bool ModelKeeps(KeptProgram program, string variable)
    {
        var node = program.MarkedNode();
        IOperation? operation = null;
        while (operation is not (IAnonymousFunctionOperation or IMethodReferenceOperation))
        {
            operation = program.Model.GetOperation(node);
            operation = operation is IDelegateCreationOperation creation ? creation.Target : operation;
            node = node.Parent!;
        }

        return Closures.Of(operation, new KnownFacts()).KeptBy(operation).Any(capture => (capture.Variable?.Name ?? "this") == variable);
    }
}
