using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace WeakRefAnalyzers.Tests.Flow;

/// <summary>
/// A program with <c>class C</c> whose <c>Make(T t)</c> returns a value and an object: does the value keep the object?
/// </summary>
internal sealed class KeptProgram
{
    private static readonly MetadataReference[] References = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(System.IO.Path.PathSeparator)
            .Where(path => System.IO.Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();

    private readonly SyntaxTree _tree;
    private readonly byte[] _image;

    public KeptProgram(string source)
    {
        _tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest));
        Compilation = CSharpCompilation.Create(
            "Case",
            new[] { _tree },
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = Compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        _image = image.ToArray();
        Model = Compilation.GetSemanticModel(_tree);
    }

    public Compilation Compilation { get; }

    public SemanticModel Model { get; }

    /// <summary>The innermost node behind the mark <c>/*?*/</c>.</summary>
    public SyntaxNode MarkedNode()
    {
        var start = _tree.GetText().ToString().IndexOf("/*?*/", StringComparison.Ordinal) + "/*?*/".Length;
        return _tree.GetRoot().FindToken(start).Parent!;
    }

    public bool OutlivesACollection()
    {
        var context = new AssemblyLoadContext("case", isCollectible: true);
        using var image = new MemoryStream(_image);
        var (held, target) = Make(context.LoadFromStream(image));
        for (var i = 0; i < 5 && target.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var alive = target.IsAlive;
        GC.KeepAlive(held);
        context.Unload();
        return alive;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (object Held, WeakReference Target) Make(Assembly assembly)
    {
        var target = Activator.CreateInstance(assembly.GetType("T")!);
        var made = (ITuple)assembly.GetType("C")!.GetMethod("Make")!.Invoke(null, new[] { target })!;
        return (made[0]!, new WeakReference(made[1]));
    }
}
