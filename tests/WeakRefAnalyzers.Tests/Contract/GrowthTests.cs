using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The work grows as the code does: counted in steps of the walk, which are the same on every machine.</summary>
public class GrowthTests
{
    private const int Small = 16;
    private const double MaxGrowth = 2.2;

    // What every walk costs, however short.
    private const int Fixed = 200;

    // Each step of one expression leaves a capture that the whole of it still asks for, and each loop in loops changes
    // what is known of all their variables; nobody writes many.
    private static readonly string[] Quadratic = ["ConditionalAccess", "Coalescing", "NestedLoops"];

    public static IEnumerable<object[]> Shapes => GrowthShapes.All.Keys.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void StepsGrowWithTheCode(string shape)
    {
        var steps = new[] { Small, 2 * Small, 4 * Small }.Select(n => Steps(GrowthShapes.All[shape](n))).ToArray();
        var growth = Quadratic.Contains(shape) ? 2 * MaxGrowth : MaxGrowth;
        Assert.True(
            steps[1] <= (steps[0] * growth) + Fixed && steps[2] <= (steps[1] * growth) + Fixed,
            $"{shape}: {string.Join(", ", steps)}");
    }

    private static long Steps(string source)
    {
        var compilation = Whole.Compile([("Source.cs", source)]);
        var tree = compilation.SyntaxTrees[0];
        var model = compilation.GetSemanticModel(tree);
        var flow = new WeakReadFlow(
            compilation,
            new RoleTable(compilation, Configuration.Of(compilation, new AnalyzerOptions([]))),
            new KnownFacts());
        var found = 0;
        foreach (var method in tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            var body = (IMethodBodyOperation)model.GetOperation(method)!;
            found += flow.FindingsOf(ControlFlowGraph.Create(body), flow.FactsOf(body)).Count;
        }

        Assert.True(found > 0, $"The body was given up after {flow.Steps} steps.\n{source}");
        return flow.Steps;
    }
}
