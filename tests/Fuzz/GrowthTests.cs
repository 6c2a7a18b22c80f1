using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers;

namespace Fuzz;

/// <summary>
/// The small version of <c>Fuzz --growth</c> for types and files: counted in what the analyzer allocates beyond one that does nothing,
/// which no other load of the machine changes.
/// </summary>
[Collection(nameof(FuzzTests))]
public class GrowthTests
{
    private const int Small = 12;

    /// <summary>When the code doubles.</summary>
    private const double MostGrowth = 2.2;

    /// <summary>The text of each type holds those of all inside it; nobody nests many.</summary>
    private const string Nested = "NestedFinalizableTypes";

    /// <summary>Tables that double when they are full.</summary>
    private const long Fixed = 64 * 1024;

    public static IEnumerable<object[]> Shapes => TypeShapes.All.Keys.Select(static name => new object[] { name });

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task AllocationsGrowWithTheCode(string shape)
    {
        var (few, many) = (await OwnAsync(shape, Small), await OwnAsync(shape, 4 * Small));

        var growth = shape == Nested ? 2 * MostGrowth : MostGrowth;
        Assert.True(many <= (few * growth * growth) + Fixed, $"{shape}: {few} bytes at {Small}, {many} at {4 * Small}");
    }

    private static async Task<long> OwnAsync(string shape, int size)
    {
        // What the first run makes for good says nothing about the shape.
        _ = await AllocatedAsync(shape, 2, new WeakRefAnalyzer());
        _ = await AllocatedAsync(shape, 2, new Idle());
        var ours = await AllocatedAsync(shape, size, new WeakRefAnalyzer());
        return Math.Max(ours - await AllocatedAsync(shape, size, new Idle()), 0);
    }

    private static async Task<long> AllocatedAsync(string shape, int size, DiagnosticAnalyzer analyzer)
    {
        var compilation = Growth.Compile(shape, size);
        _ = compilation.GetDiagnostics();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, false);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        _ = await compilation.WithAnalyzers(ImmutableArray.Create(analyzer), options).GetAnalyzerDiagnosticsAsync();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
