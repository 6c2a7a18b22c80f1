using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What every fix owes an editor and the test framework does not ask for.</summary>
public class FixContractTests
{
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
        var document = Whole.Document(Repository.Read(path));
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
        var parsed = await CSharpSyntaxTree.ParseText(await document.GetTextAsync(), (CSharpParseOptions)built.SyntaxTree.Options).GetRootAsync();
        Assert.Equal(Parts(parsed), Parts(built));
    }

    private static IEnumerable<string> Parts(SyntaxNode root)
        => root.DescendantNodesAndTokensAndSelf(descendIntoTrivia: true).Select(part => part.AsNode() is { } node
            ? $"{node.Kind()} {node.FullSpan}"
            : string.Concat(part.GetLeadingTrivia().Concat(part.GetTrailingTrivia()).Select(trivia => $"{trivia.Kind()} {trivia.FullSpan} "))
                + $"{part.Kind()} {part.Span}");
#endif
}
