using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>A source that some test or shape gives to a rule.</summary>
/// <param name="Name">The method or file it comes from, and which of its sources it is where there are several.</param>
internal sealed record Shape(string Name, string Source, Options Options, string? Usings = null)
{
    private const string Folder = "tests/WeakRefAnalyzers.Tests/Shapes";

    /// <summary>The sources of a rule's tests, none twice, its file of shapes and its sample of misuse.</summary>
    public static async Task<IReadOnlyList<Shape>> OfAsync(string id)
    {
        var shapes = new List<Shape>();
        await AddTestsAsync(id, shapes);
        shapes.AddRange(Written(id));
        return shapes;
    }

    /// <summary>The file of shapes and the sample of misuse: written as people write, many lines each.</summary>
    public static IEnumerable<Shape> Written(string id)
    {
        var preview = new Options { Language = LanguageVersion.Preview };
        if (Repository.List(Folder, id + ".cs").SingleOrDefault() is { } file)
        {
            yield return new("Shapes", Repository.Read(file), preview, Repository.Read($"{Folder}/Usings.cs"));
        }

        yield return new("Misuse", Repository.ReadFileOf(id, "samples/Misuse"), preview);
    }

    private static async Task AddTestsAsync(string id, List<Shape> shapes)
    {
        var seen = new HashSet<(string, Options)>();
        foreach (var type in typeof(Shape).Assembly
            .GetTypes()
            .Where(type => type.Name.StartsWith(id + "_", StringComparison.Ordinal) && type.IsPublic))
        {
            var instance = Activator.CreateInstance(type);
            foreach (var method in type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null))
            {
                var recorded = await Recorder.RecordAsync(async () =>
                {
                    foreach (var row in RowsOf(method))
                    {
                        await (method.Invoke(instance, row) as Task ?? Task.CompletedTask);
                    }
                });
                foreach (var ((source, options), index) in recorded.Select((shape, index) => (shape, index)))
                {
                    if (seen.Add((source, options)))
                    {
                        shapes.Add(new(recorded.Count == 1 ? method.Name : $"{method.Name}[{index}]", Plain(source), options));
                    }
                }
            }
        }
    }

    private static IEnumerable<object?[]> RowsOf(MethodInfo method)
    {
        var sources = method.GetCustomAttributes<DataAttribute>().ToArray();
        return sources.Length == 0
            ? [[]]
            : sources.SelectMany(source => source.GetData(method, new DisposalTracker()).AsTask().Result).Select(row => row.GetData());
    }

    private static string Plain(string markup)
    {
        TestFileMarkupParser.GetPositionsAndSpans(markup, out var source, out _, out _);
        return source;
    }
}
