using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using Xunit;
using static AnalyzerTesting.Tests.ToyTest;

namespace AnalyzerTesting.Tests;

public class CodeFixTests
{
    private static readonly string s_bad = Body("int [|bad|] = 0;");
    private static readonly string s_good = Body("int good = 0;");
    private static readonly string s_badTwice = Body("int [|bad|] = 0, [|bad2|] = 0;");
    private static readonly string s_goodTwice = Body("int good = 0, good2 = 0;");

    private static ToyFix With(Func<CodeFixContext, CodeAction> action) => new() { Actions = context => [action(context)] };

    private static ToyFix WithRoot(Func<SyntaxNode, SyntaxNode> change) => With(context => ToyFix.Change(
        context, async (document, c) => document.WithSyntaxRoot(change((await document.GetSyntaxRootAsync(c))!))));

    /// <summary>A FixAll of its own, which names the variables otherwise.</summary>
    private static ToyFix WithFixAll(string name, FixAllScope[]? scopes = null) => new()
    {
        FixAll = FixAllProvider.Create(
            async (context, document, diagnostics) => await ToyFix.RenameAsync(document, diagnostics, name, context.CancellationToken),
            [.. scopes ?? [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution]]),
    };

    [Fact]
    public Task TheRightFixPasses() => new ToyTest { TestCode = s_bad, FixedCode = s_good }.RunAsync();

    [Fact]
    public Task SeveralFixesPass() => new ToyTest { TestCode = s_badTwice, FixedCode = s_goodTwice }.RunAsync();

    [Fact]
    public Task SeveralDocumentsAndProjectsPass()
    {
        static string Named(string name, string code) => code.Replace("class C", $"class {name}", StringComparison.Ordinal);
        return new ToyTest
        {
            TestState =
            {
                Sources = { s_badTwice, Named("D", s_badTwice) },
                AdditionalProjects = { ["Second"] = { Sources = { s_bad } } },
            },
            FixedState =
            {
                Sources = { s_goodTwice, Named("D", s_goodTwice) },
                AdditionalProjects = { ["Second"] = { Sources = { s_good } } },
            },
        }.RunAsync();
    }

    [Fact]
    public Task AnotherTextFailsAndShowsTheDifference()
        => new ToyTest { TestCode = s_bad, FixedCode = Body("int fine = 0;") }.FailsAsync(
            "Fix one by one", "'/0/Test0.cs'", "-        int fine = 0;", "+        int good = 0;", "     {");

    [Fact]
    public Task AnotherLineEndingFails()
        => new ToyTest { TestCode = s_bad, FixedCode = s_good.Replace("= 0;\n", "= 0;\r\n", StringComparison.Ordinal) }.FailsAsync("-        int good = 0;<CR>");

    [Fact]
    public Task NoFixWhereOneIsExpectedFails()
        => new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = new ToyFix { Actions = _ => [] } }.FailsAsync("Fix one by one", "+        int bad = 0;");

    [Fact]
    public async Task AFixWhereNoneIsExpectedFails()
    {
        await new ToyTest { TestCode = s_bad, FixedCode = s_bad, FixedState = { MarkupHandling = MarkupMode.Allow } }.FailsAsync("No fix is expected", "'Rename'");
        var nothing = With(context => ToyFix.Change(context, (document, _) => Task.FromResult(document)));
        await new ToyTest { Fix = nothing, TestCode = s_bad, FixedCode = s_bad, FixedState = { MarkupHandling = MarkupMode.Allow } }
            .FailsAsync("No fix is expected");
        await new ToyTest
        {
            Fix = new ToyFix { Actions = _ => [] },
            TestCode = s_bad,
            FixedCode = s_bad,
            FixedState = { MarkupHandling = MarkupMode.Allow },
        }.RunAsync();
    }

    [Fact]
    public Task ACompilerErrorInTheFixedCodeFails()
        => new ToyTest { TestCode = s_bad, FixedCode = Body("int 2good = 0;"), Fix = With(c => ToyFix.Rename(c, "2good")) }
            .FailsAsync("Diagnostics of fixed state", "CS1001");

    [Fact]
    public Task ADiagnosticLeftInTheFixedCodeFails()
        => new ToyTest { TestCode = s_bad, FixedCode = Body("int badly = 0;"), Fix = With(c => ToyFix.Rename(c, "badly")) }
            .FailsAsync("Diagnostics of fixed state", "'badly' is a bad name");

    [Fact]
    public async Task ADiagnosticThatAFixLeavesIsMarkedInTheFixedCode()
    {
        // The second variable gets no fix.
        ToyFix First() => new() { Actions = c => c.Span.Length == 3 ? [ToyFix.Rename(c, "good")] : [] };
        var left = Body("int good = 0, [|bad2|] = 0;");
        await new ToyTest { Fix = First(), TestCode = s_badTwice, FixedState = { Sources = { left }, MarkupHandling = MarkupMode.Allow }, CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck }.RunAsync();
        await new ToyTest { Fix = First(), TestCode = s_badTwice, FixedCode = left }.FailsAsync("Diagnostics of fixed state");
    }

    [Fact]
    public async Task WhatNoFixClaimsIsInheritedByTheFixedState()
    {
        static ToyTest Test(StateInheritanceMode? mode) => new ToyTest
        {
            TestCode = Body("int [|bad|] = {|#0:x|};"),
            FixedCode = Body("int good = {|#0:x|};"),
            FixedState = { InheritanceMode = mode },
        }.Expecting(DiagnosticResult.CompilerError("CS0103").WithArguments("x").WithLocation(0));
        await Test(null).RunAsync();
        await Test(StateInheritanceMode.Explicit).FailsAsync("Diagnostics of fixed state", "CS0103");
    }

    [Fact]
    public async Task FixAllMustGiveTheSameText()
    {
        await new ToyTest { TestCode = s_badTwice, FixedCode = s_goodTwice, Fix = WithFixAll("good") }.RunAsync();
        await new ToyTest { TestCode = s_badTwice, FixedCode = s_goodTwice, Fix = WithFixAll("fine") }
            .FailsAsync("Fix all in document", "+        int fine = 0, fine2 = 0;");
        await new ToyTest
        {
            TestCode = s_badTwice,
            FixedCode = s_goodTwice,
            Fix = WithFixAll("fine"),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInDocumentCheck,
        }.FailsAsync("Fix all in project");
        await new ToyTest
        {
            TestCode = s_badTwice,
            FixedCode = s_goodTwice,
            Fix = WithFixAll("fine"),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInDocumentCheck | CodeFixTestBehaviors.SkipFixAllInProjectCheck,
        }.FailsAsync("Fix all in solution");
        await new ToyTest { TestCode = s_badTwice, FixedCode = s_goodTwice, BatchFixedCode = Body("int fine = 0, fine2 = 0;"), Fix = WithFixAll("fine") }
            .RunAsync();
    }

    [Fact]
    public Task TheBatchFixedCodeIsAnalyzedToo()
        => new ToyTest { TestCode = s_bad, FixedCode = s_good, BatchFixedCode = Body("int bad2 = 0;") }.FailsAsync("Diagnostics of batch fixed state");

    [Fact]
    public async Task AMissingFixAllFails()
    {
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = new ToyFix { FixAll = null } }.FailsAsync("no FixAllProvider");
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = WithFixAll("good", [FixAllScope.Document]) }
            .FailsAsync("Fix all in project", "no FixAllProvider");
        await new ToyTest
        {
            TestCode = s_bad,
            FixedCode = s_good,
            Fix = new ToyFix { FixAll = null },
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        }.RunAsync();
    }

    [Fact]
    public Task AMissingEquivalenceKeyFails()
        => new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = With(c => ToyFix.Rename(c, "good", key: null)) }.FailsAsync("no equivalence key");

    [Fact]
    public Task AMissingTitleFails()
        => new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = With(c => ToyFix.Rename(c, "good", title: " ")) }.FailsAsync("no title");

    [Fact]
    public async Task AFixThatNoIdeLoadsFails()
    {
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = new ToyFixNotExported() }.FailsAsync("[ExportCodeFixProvider]");
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = new ToyFixNotShared() }.FailsAsync("[Shared]");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(2, "Expected 2 iteration(s), but there were 1")]
    [InlineData(-2, null)]
    [InlineData(0, "No fix is expected")]
    public async Task IterationsAreCounted(int? iterations, string? failure)
    {
        var test = new ToyTest { TestCode = s_bad, FixedCode = s_good, NumberOfIncrementalIterations = iterations };
        await (failure is null ? test.RunAsync() : test.FailsAsync("Fix one by one", failure));
    }

    [Fact]
    public async Task FixAllIterationsAreCounted()
    {
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, NumberOfFixAllIterations = 2 }.FailsAsync("Fix all in document", "Expected 2 iteration(s)");
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, NumberOfFixAllInProjectIterations = 2 }.FailsAsync("Fix all in project", "Expected 2 iteration(s)");
    }

    [Fact]
    public async Task AFixThatNeedsMoreStepsThanThereAreDiagnosticsFails()
    {
        // Each step removes one letter of the name.
        ToyFix Slow() => With(c => ToyFix.Change(c, async (document, cancellationToken) =>
        {
            var text = await document.GetTextAsync(cancellationToken);
            return document.WithText(text.Replace(c.Span.End - 1, 1, ""));
        }));
        var test = new ToyTest { Fix = Slow(), TestCode = Body("int [|badx|] = 0;"), FixedCode = Body("int ba = 0;") };
        await test.FailsAsync("Fix one by one");
        test.NumberOfIncrementalIterations = test.NumberOfFixAllIterations = 2;
        await test.RunAsync();
        test.NumberOfIncrementalIterations = -3;
        await test.RunAsync();
        test.NumberOfIncrementalIterations = 1;
        await test.FailsAsync("Fix one by one");
    }

    [Fact]
    public async Task AFixWithoutEndFails()
        => await new ToyTest
        {
            TestCode = s_bad,
            FixedState = { Sources = { Body("int [|badd|] = 0;") }, MarkupHandling = MarkupMode.Allow },
            Fix = With(c => ToyFix.Rename(c, "badd")),
        }.FailsAsync("there is still a fix");

    [Fact]
    public async Task ATreeThatItsTextDoesNotParseToFails()
    {
        // Two names in one token: the text is that of a declaration with two variables.
        static ToyFix Fix() => WithRoot(root =>
        {
            var name = root.DescendantNodes().OfType<VariableDeclaratorSyntax>().Single();
            return root.ReplaceNode(name, SyntaxFactory.VariableDeclarator("good, better").WithInitializer(name.Initializer));
        });
        var test = new ToyTest { Fix = Fix(), TestCode = s_bad, FixedCode = Body("int good, better = 0;") };
        await test.FailsAsync("built a tree for 'Test0.cs'", "good, better");
        test.CodeActionValidationMode = CodeActionValidationMode.None;
        await test.RunAsync();
    }

    [Fact]
    public async Task TriviaAreComparedOnRequest()
    {
        // Two pieces of whitespace where the parser makes one.
        static ToyFix Fix() => WithRoot(root =>
        {
            var name = root.DescendantNodes().OfType<VariableDeclaratorSyntax>().Single();
            var odd = SyntaxFactory.Identifier(default, "good", SyntaxFactory.TriviaList(SyntaxFactory.Whitespace(" "), SyntaxFactory.Whitespace(" ")));
            return root.ReplaceNode(name, name.WithIdentifier(odd));
        });
        var test = new ToyTest { Fix = Fix(), TestCode = s_bad, FixedCode = Body("int good  = 0;") };
        await test.RunAsync();
        test.CodeActionValidationMode = CodeActionValidationMode.Full;
        await test.FailsAsync("built a tree");
    }

    [Fact]
    public async Task AnotherNumberOfChangesThanOneFails()
    {
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = With(_ => new Odd([])) }.FailsAsync("0 ApplyChangesOperations");
        await new ToyTest { TestCode = s_bad, FixedCode = s_good, Fix = With(c => new Odd([new(c.Document.Project.Solution), new(c.Document.Project.Solution)])) }
            .FailsAsync("2 ApplyChangesOperations");
    }

    [Fact]
    public Task ADocumentThatAFixAddsFails()
        => new ToyTest
        {
            TestCode = s_bad,
            FixedCode = s_good,
            Fix = With(c => ToyFix.Change(c, async (document, cancellationToken)
                => (await ToyFix.RenameAsync(document, [c.Diagnostics[0]], "good", cancellationToken)).Project.AddDocument("New.cs", "class D { }"))),
        }.FailsAsync("New.cs");

    [Fact]
    public Task AnEncodingThatAFixChangesFails()
        => new ToyTest
        {
            TestCode = s_bad,
            FixedCode = s_good,
            Fix = With(c => ToyFix.Change(c, async (document, cancellationToken) =>
            {
                var text = await (await ToyFix.RenameAsync(document, [c.Diagnostics[0]], "good", cancellationToken)).GetTextAsync(cancellationToken);
                return document.WithText(SourceText.From(text.ToString()));
            })),
        }.FailsAsync("Encoding of");

    [Fact]
    public async Task AFixForADiagnosticThatIsNotLocalFails()
    {
        // Reported at the end of the compilation, although it has a place in a file.
        var analyzer = new Toy
        {
            Start = context => context.RegisterCompilationAction(c =>
            {
                foreach (var name in c.Compilation.SyntaxTrees.SelectMany(t => t.GetRoot(c.CancellationToken).DescendantNodes()).OfType<VariableDeclaratorSyntax>())
                {
                    if (name.Identifier.ValueText == "bad")
                    {
                        c.ReportDiagnostic(Diagnostic.Create(Toy.Rule, name.Identifier.GetLocation(), "bad"));
                    }
                }
            }),
        };
        var test = new ToyTest { Analyzer = analyzer, TestCode = s_bad, FixedCode = s_good };
        await test.FailsAsync("not local");
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
        await test.RunAsync();
    }

    [Fact]
    public Task ASymbolActionIsLocal() => new ToyTest
    {
        Analyzer = new Toy
        {
            Start = context => context.RegisterSymbolAction(
                c =>
                {
                    if (c.Symbol.Name.StartsWith("bad", StringComparison.Ordinal))
                    {
                        c.ReportDiagnostic(Diagnostic.Create(Toy.Rule, c.Symbol.Locations[0], c.Symbol.Name));
                    }
                },
                SymbolKind.Method),
        },
        TestCode = "class C { void [|bad|]() { } }",
        FixedCode = "class C { void good() { } }",
    }.RunAsync();

    [Theory]
    [InlineData(null, null, "first")]
    [InlineData(1, null, "second")]
    [InlineData(2, "third", "third")]
    [InlineData(null, "second", "second")]
    public Task AnActionIsChosen(int? index, string? key, string name) => Choosing(index, key, name).RunAsync();

    [Fact]
    public async Task AWrongChoiceFails()
    {
        await Choosing(0, "second", "first").FailsAsync("instead of 'second'");
        await Choosing(3, null, "first").FailsAsync("Fix one by one");
        await Choosing(null, "none", "first").FailsAsync("Fix one by one");
    }

    [Fact]
    public async Task TheVerifiersSeeWhatIsApplied()
    {
        var test = Choosing(null, "second", "second");
        test.CodeActionVerifier = (action, verifier) => verifier.Equal("other", action.Title);
        await test.FailsAsync("Expected: other", "Actual:   second");
        test = Choosing(null, "second", "second");
        test.DiagnosticVerifier = (diagnostic, _, verifier) => verifier.Fail(diagnostic.Id);
        await test.FailsAsync("TOY1");
    }

    [Fact]
    public async Task WithoutFixedCodeNoFixRuns()
        => await new ToyTest { TestCode = s_bad, Fix = With(_ => throw new NotSupportedException()) }.RunAsync();

    [Fact]
    public Task TheEmptyFixPasses()
        => new ToyTest { TestCode = s_bad, FixedState = { Sources = { s_bad }, MarkupHandling = MarkupMode.Allow }, Fix = new EmptyCodeFixProvider() }.RunAsync();

    private static ToyTest Choosing(int? index, string? key, string name) => new()
    {
        // The last two are nested.
        Fix = new ToyFix
        {
            Actions = c =>
            [
                ToyFix.Rename(c, "first", "first", "first"),
                CodeAction.Create("more", [ToyFix.Rename(c, "second", "second", "second"), ToyFix.Rename(c, "third", "third", "third")], isInlinable: false),
            ],
        },
        CodeActionIndex = index,
        CodeActionEquivalenceKey = key,
        TestCode = s_bad,
        FixedCode = Body($"int {name} = 0;"),
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
    };

    private sealed class Odd(ApplyChangesOperation[] operations) : CodeAction
    {
        public override string Title => "Odd";

        public override string EquivalenceKey => "odd";

        protected override Task<IEnumerable<CodeActionOperation>> ComputeOperationsAsync(CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<CodeActionOperation>>(operations);
    }
}
