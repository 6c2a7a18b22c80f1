using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What every fix owes an editor and the test framework does not ask for.</summary>
public class FixContractTests
{
    private const string KnownFaults = "tests/WeakRefAnalyzers.Tests/Contract/KnownFixFaults.txt";

    public static IEnumerable<object[]> Ids => RuleSetTests.IdsOfCode;

    public static IEnumerable<object[]> Samples => Repository.List("samples/Misuse", "WREF*.cs").Select(file => new object[] { file });

    [Fact]
    public void FixesAreExportedAndTheirIdsUnique()
    {
        Assert.All(Repository.Fixes, fix =>
        {
            var type = fix.GetType();
            Assert.True(type.IsPublic, $"{type.Name} is not public.");
            Assert.Equal([LanguageNames.CSharp], type.GetCustomAttribute<ExportCodeFixProviderAttribute>()!.Languages);
            Assert.Contains(type.GetCustomAttributes(), attribute => attribute.GetType().FullName == "System.Composition.SharedAttribute");
            Assert.NotNull(fix.GetFixAllProvider());
            Assert.StartsWith(fix.FixableDiagnosticIds[0] + "_", type.Name);
        });
        var ids = Repository.Fixes.SelectMany(fix => fix.FixableDiagnosticIds).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Subset(Repository.Descriptors.Select(rule => rule.Id).ToHashSet(), ids.ToHashSet());
    }

#if ROSLYN_LATEST
    [Theory]
    [MemberData(nameof(Samples))]
    public async Task OffersHaveTitleAndKeyAndTheirTreesAreWhatTheirTextParsesTo(string path)
    {
        var document = Whole.Document(Repository.Read(path), new() { Language = LanguageVersion.Preview });
        var diagnostics = await Offers.AnalyzeAsync(document);
        var offers = await Offers.FindAsync(document, diagnostics);
        foreach (var sameDiagnostic in offers.GroupBy(offer => offer.Diagnostic))
        {
            Assert.Distinct(sameDiagnostic.Select(offer => offer.Action.Title));
            Assert.Distinct(sameDiagnostic.Select(offer => offer.Action.EquivalenceKey));
        }

        foreach (var offer in offers)
        {
            Assert.Matches("^[A-Z].*[^.]$", offer.Action.Title);
            Assert.StartsWith(offer.Fix.FixableDiagnosticIds[0], offer.Action.EquivalenceKey);
            await IsWhatItsTextParsesTo(await Offers.ApplyAsync(offer, document));
            await IsWhatItsTextParsesTo((await Offers.ApplyToAllAsync(offer, document, diagnostics))!);
        }
    }

    private static async Task IsWhatItsTextParsesTo(Document document)
    {
        var built = (await document.GetSyntaxRootAsync())!;
        var parsed = CSharpSyntaxTree.ParseText(await document.GetTextAsync(), (CSharpParseOptions)built.SyntaxTree.Options);
        Assert.Equal(Parts(await parsed.GetRootAsync()), Parts(built));
    }

    private static IEnumerable<string> Parts(SyntaxNode root)
        => root.DescendantNodesAndTokensAndSelf(descendIntoTrivia: true).Select(part => part.AsNode() is { } node
            ? $"{node.Kind()} {node.FullSpan}"
            : $"{part.Kind()} {part.Span} {Trivia(part.GetLeadingTrivia())}/ {Trivia(part.GetTrailingTrivia())}");

    private static string Trivia(SyntaxTriviaList list) => string.Concat(list.Select(trivia => $"{trivia.Kind()} {trivia.FullSpan} "));
#endif

    /// <summary>
    /// What a fix leaves of any test's source or shape compiles and is clean. What is known not to be is listed in a file that
    /// only shrinks: an entry that does not fail any more is a failure, too.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public async Task FixedCodeIsCleanUnderAllRules(string id)
    {
        var faults = new List<(string Name, string Input, string Output)>();
        var texts = 0;
        foreach (var shape in await Shape.OfAsync(id))
        {
            var (count, found) = await FixedCode.CheckAsync(shape);
            texts += count;
            faults.AddRange(found);
        }

        Assert.True(texts > 0 || !Repository.HasFix(id), "No test shows the fix to this contract.");

        var known = Repository.Read(KnownFaults).Split('\n').Where(line => line.StartsWith(id, StringComparison.Ordinal)).ToHashSet();
        var names = faults.Select(fault => $"{id} {fault.Name}").ToHashSet();
        var unknown = faults.Where(fault => !known.Contains($"{id} {fault.Name}"));
        Assert.True(!unknown.Any(), string.Join("\n\n", unknown.Select(fault => $"{id} {fault.Name}\n{fault.Input}\n=>\n{fault.Output}")));
        Assert.Empty(known.Except(names));
    }
}
