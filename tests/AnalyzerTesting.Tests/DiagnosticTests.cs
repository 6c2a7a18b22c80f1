using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using static AnalyzerTesting.Tests.ToyTest;

namespace AnalyzerTesting.Tests;

public class DiagnosticTests
{
    private static readonly DiagnosticResult s_bad = new DiagnosticResult(Toy.Rule).WithArguments("bad");

    [Theory]
    [InlineData("int [|bad|] = 0;")]
    [InlineData("int {|TOY1:bad|} = 0;")]
    [InlineData("int $$bad = 0;")]
    [InlineData("int good = 0;")]
    [InlineData("int [|bad|] = 0, [|bad2|] = 1;")]
    [InlineData("int [|bad|] = {|CS0103:x|};")]
    [InlineData("{|TOY1:bad|} = 0;", true)]
    [InlineData("int {|#0:[|bad|]|} = 0;")]
    public async Task MarkupDeclaresDiagnostics(string statements, bool fails = false)
    {
        var test = new ToyTest { TestCode = Body(statements) };
        await (fails ? test.FailsAsync("Expected but not reported") : test.RunAsync());
    }

    [Fact]
    public async Task AnAnalyzerAloneIsTestedLikewise()
    {
        await new CSharpAnalyzerTest<Toy, DefaultVerifier> { TestCode = Body("int [|bad|] = 0;") }.RunAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => new CSharpAnalyzerTest<Toy, DefaultVerifier> { TestCode = Body("int bad = 0;") }.RunAsync(CancellationToken.None));
        await new CSharpAnalyzerTest<EmptyDiagnosticAnalyzer, DefaultVerifier> { TestCode = Body("int bad = 0;") }.RunAsync(CancellationToken.None);
        await new CSharpCodeFixTest<Toy, ToyFix, DefaultVerifier> { TestCode = Body("int [|bad|] = 0;"), FixedCode = Body("int good = 0;") }
            .RunAsync(CancellationToken.None);
    }

    [Fact]
    public Task AnUndeclaredDiagnosticFails()
        => new ToyTest { TestCode = Body("int bad = 0;") }.FailsAsync(
            "Context: Diagnostics of test state",
            "Expected 0 diagnostic(s), got 1.",
            """new DiagnosticResult("TOY1", DiagnosticSeverity.Warning).WithSpan("/0/Test0.cs", 5, 13, 5, 16).WithMessage("'bad' is a bad name"),""");

    [Fact]
    public Task AMissingDiagnosticFails()
        => new ToyTest { TestCode = Body("int [|good|] = 0;") }.FailsAsync("Expected 1 diagnostic(s), got 0.");

    [Theory]
    [InlineData("int [|ba|]d = 0;")]
    [InlineData("int b[|ad|] = 0;")]
    [InlineData("[|int bad|] = 0;")]
    [InlineData("int b$$ad = 0;")]
    [InlineData("int {|TOY1:[|bad|]|} = 0;")]
    public Task AWrongSpanOrCountFails(string statements) => new ToyTest { TestCode = Body(statements) }.FailsAsync("Expected but not reported");

    [Fact]
    public Task TheExplicitFormPasses() => new ToyTest { TestCode = Body("int {|#0:bad|} = 0;") }.Expecting(s_bad.WithLocation(0)).RunAsync();

    [Fact]
    public Task LineAndColumnPass() => new ToyTest { TestCode = Body("int bad = 0, bad2 = 0;") }
        .Expecting(s_bad.WithLocation(5, 13), s_bad.WithArguments("bad2").WithSpan(5, 22, 5, 26)).RunAsync();

    [Fact]
    public Task ArgumentsWithoutADescriptorAreChecked() => new ToyTest { TestCode = Body("int {|#0:bad|} = 0;") }
        .Expecting(DiagnosticResult.CompilerWarning("TOY1").WithArguments("other").WithLocation(0)).FailsAsync("Expected but not reported");

    [Fact]
    public Task AWrongMessageFails() => new ToyTest { TestCode = Body("int {|#0:bad|} = 0;") }
        .Expecting(s_bad.WithArguments("worse").WithLocation(0)).FailsAsync("'worse' is a bad name", "'bad' is a bad name");

    [Fact]
    public Task ADescriptorWithoutItsArgumentsFails() => new ToyTest { TestCode = Body("int {|#0:bad|} = 0;") }
        .Expecting(new DiagnosticResult(Toy.Rule).WithLocation(0)).FailsAsync("'{0}' is a bad name");

    [Fact]
    public Task AWrongSeverityFails() => new ToyTest { TestCode = Body("int {|#0:bad|} = 0;") }
        .Expecting(s_bad.WithSeverity(DiagnosticSeverity.Info).WithLocation(0)).FailsAsync("DiagnosticSeverity.Info", "DiagnosticSeverity.Warning");

    [Theory]
    [InlineData(new[] { 0, 1 }, true)]
    [InlineData(new[] { 0 }, false)]
    [InlineData(new[] { 0, 2 }, false)]
    [InlineData(new[] { 0, 1, 2 }, false)]
    [InlineData(new[] { 1, 0 }, false)]
    public async Task AdditionalLocationsAreChecked(int[] keys, bool passes)
    {
        var test = new ToyTest
        {
            TestCode = Body("{|#1:int {|#0:bad|} = {|#2:0|}|};"),
            Analyzer = new Toy
            {
                Start = context => Toy.OnBadLocal(context, (c, name) => c.ReportDiagnostic(
                    Diagnostic.Create(Toy.Rule, name.GetLocation(), [c.Node.Parent!.GetLocation()], name.ValueText))),
            },
        };
        test.ExpectedDiagnostics.Add(keys.Aggregate(s_bad, (result, key) => result.WithLocation(key)));
        await (passes ? test.RunAsync() : test.FailsAsync("Expected but not reported"));
    }

    [Fact]
    public Task AnUndeclaredCompilerErrorFails() => new ToyTest { TestCode = Body("int good = x;") }.FailsAsync("CS0103");

    [Fact]
    public Task CompilerWarningsCountOnRequest()
        => new ToyTest { TestCode = Body("int good = 0;"), CompilerDiagnostics = CompilerDiagnostics.Warnings }.FailsAsync("CS0219");

    [Fact]
    public Task ACrashOfTheAnalyzerFails() => new ToyTest
    {
        TestCode = Body("int bad = 0;"),
        Analyzer = new Toy { Start = context => Toy.OnBadLocal(context, (_, _) => throw new NotSupportedException("crashed")) },
    }.FailsAsync("AD0001", "crashed", "DiagnosticSeverity.Error");

    [Fact]
    public async Task ADescriptorThatIsOffIsSwitchedOn()
    {
        var analyzer = new Toy
        {
            Descriptors = [Toy.OffByDefault],
            Start = context => Toy.OnBadLocal(context, (c, name) => c.ReportDiagnostic(Diagnostic.Create(Toy.OffByDefault, name.GetLocation(), "x"))),
        };
        await new ToyTest { Analyzer = analyzer, TestCode = Body("int [|bad|] = 0;") }.RunAsync();
        await new ToyTest { Analyzer = analyzer, TestCode = Body("int bad = 0;"), DisabledDiagnostics = { "TOY2" } }.RunAsync();
    }

    [Fact]
    public async Task ADiagnosticThatNoPragmaSuppressesFails()
    {
        // A location that is not tied to a tree escapes the pragma.
        var analyzer = new Toy
        {
            Start = context => Toy.OnBadLocal(context, (c, name) => c.ReportDiagnostic(Diagnostic.Create(
                Toy.Rule,
                Location.Create(c.Node.SyntaxTree.FilePath, name.Span, name.GetLocation().GetLineSpan().Span),
                name.ValueText))),
        };
        await new ToyTest { Analyzer = analyzer, TestCode = Body("int [|bad|] = 0;") }.FailsAsync("Suppressed with #pragma warning disable TOY1");
        await new ToyTest { Analyzer = analyzer, TestCode = Body("int [|bad|] = 0;"), TestBehaviors = TestBehaviors.SkipSuppressionCheck }.RunAsync();
    }

    [Fact]
    public async Task GeneratedCodeIsLeftAloneByAnAnalyzerThatDoesNotMentionIt()
    {
        var test = new ToyTest { Analyzer = new ToyWithoutGeneratedCode(), TestCode = Body("int [|bad|] = 0;") };
        await test.FailsAsync("As generated code");
        test.TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck;
        await test.RunAsync();
    }

    [Fact]
    public Task AnAnalyzerWithoutItsAttributeFails()
        => new ToyTest { Analyzer = new ToyWithoutAttribute(), TestCode = Body("int [|bad|] = 0;") }.FailsAsync("[DiagnosticAnalyzer]");

    [Fact]
    public async Task AmbiguousMarkupFails()
    {
        var two = new Toy { Descriptors = [Toy.Rule, Toy.New("TOY3")] };
        await new ToyTest { Analyzer = two, TestCode = Body("int [|bad|] = 0;") }.FailsAsync("exactly one descriptor");
        await new ToyTest { Analyzer = two, TestCode = Body("int [|bad|] = 0;"), MarkupOptions = MarkupOptions.UseFirstDescriptor }.RunAsync();
        var same = new Toy { Descriptors = [Toy.Rule, new("TOY1", "Other", "Other", "Toys", DiagnosticSeverity.Warning, true)] };
        await new ToyTest { Analyzer = same, TestCode = Body("int {|TOY1:bad|} = 0;") }.FailsAsync("several descriptors");
    }

    [Fact]
    public Task AKeyThatIsNotMarkedFails()
        => new ToyTest { TestCode = Body("int bad = 0;") }.Expecting(s_bad.WithLocation(3)).FailsAsync("there is no '#3'");

    [Theory]
    [InlineData("int [|bad = 0;")]
    [InlineData("int bad|] = 0;")]
    [InlineData("int {|TOY1:bad|] = 0;")]
    public async Task UnbalancedMarkupFails(string statements)
        => await Assert.ThrowsAsync<ArgumentException>(() => new ToyTest { TestCode = Body(statements) }.RunAsync());

    [Fact]
    public Task WithoutMarkupItsSignsAreText() => new ToyTest
    {
        TestState = { Sources = { "class C { string s = \"[|x|]$$\"; }" }, MarkupHandling = MarkupMode.None },
    }.RunAsync();

    [Fact]
    public async Task EverySourceAndProjectCounts()
    {
        var test = new ToyTest
        {
            TestState =
            {
                Sources = { Body("int [|bad|] = 0;"), ("/0/Named.cs", Body("int [|bad|] = 0;").Replace("C", "D") + "class E : Other.F { }") },
                AdditionalProjects = { ["Second"] = { Sources = { "namespace Other { public class F { void M() { int [|bad|] = 0; } } }" } } },
                AdditionalProjectReferences = { "Second" },
            },
        };
        await test.RunAsync();
        test.TestState.AdditionalProjects["Second"].Sources.Add("class G { void M() { int bad = 0; } }");
        await test.FailsAsync("/Second/Test1.cs");
    }

    [Fact]
    public async Task AnalyzersSeeAdditionalAndConfigFiles()
    {
        var analyzer = new Toy
        {
            Start = context => Toy.OnBadLocal(context, (c, name) =>
            {
                c.Options.AnalyzerConfigOptionsProvider.GetOptions(c.Node.SyntaxTree).TryGetValue("toy.name", out var value);
                c.ReportDiagnostic(Diagnostic.Create(Toy.Rule, name.GetLocation(), value + c.Options.AdditionalFiles.Single().GetText()));
            }),
        };
        var test = new ToyTest
        {
            Analyzer = analyzer,
            TestState =
            {
                Sources = { Body("int {|#0:bad|} = 0;") },
                AdditionalFiles = { ("/0/names.txt", " and text") },
                AnalyzerConfigFiles = { ("/.editorconfig", "root = true\n[*.cs]\ntoy.name = option\ndotnet_diagnostic.TOY1.severity = error\n") },
            },
        };
        await test.Expecting(s_bad.WithArguments("option and text").WithSeverity(DiagnosticSeverity.Error).WithLocation(0)).RunAsync();
    }

    [Fact]
    public async Task ADiagnosticWithoutALocationIsExpectedAsSuch()
    {
        var analyzer = new Toy
        {
            Start = context => context.RegisterCompilationAction(c => c.ReportDiagnostic(Diagnostic.Create(Toy.Rule, Location.None, "bad"))),
        };
        await new ToyTest { Analyzer = analyzer, TestCode = "class C { }" }.Expecting(s_bad).RunAsync();
        await new ToyTest { Analyzer = analyzer, TestCode = "class C { }" }.Expecting(s_bad.WithLocation(1, 1)).FailsAsync("Expected but not reported");
    }

    [Fact]
    public async Task TransformsAndReferencesApply()
    {
        await new ToyTest
        {
            TestState = { Sources = { "class C : AnalyzerTesting.Tests.Referenced { }" }, AdditionalReferences = { typeof(Referenced).Assembly } },
            ReferenceAssemblies = ReferenceAssemblies.Net.Net100,
        }.RunAsync();
        await new ToyTest
        {
            TestCode = "class C { string {|CS8618:s|}; }",
            CompilerDiagnostics = CompilerDiagnostics.Warnings,
            DisabledDiagnostics = { "CS0169" },
            SolutionTransforms =
            {
                (solution, id) => solution.WithProjectCompilationOptions(
                    id,
                    ((Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions)solution.GetProject(id)!.CompilationOptions!)
                        .WithNullableContextOptions(NullableContextOptions.Enable)),
            },
        }.RunAsync();
        await new ToyTest { TestState = { Sources = { "class C { static void Main() { } }" }, OutputKind = OutputKind.ConsoleApplication } }.RunAsync();
        await new ToyTest { TestState = { Sources = { "class C { }" }, OutputKind = OutputKind.ConsoleApplication } }.FailsAsync("CS5001");
    }

    public static TheoryData<string, string> Frameworks => new()
    {
        { "net8.0", "System.Runtime.DependentHandle" },
        { "net10.0", "System.Runtime.InteropServices.WeakGCHandle<string>" },
        { "net472", "System.Windows.WeakEventManager" },
        { "netstandard2.0", "System.WeakReference<string>" },
    };

    [Theory]
    [MemberData(nameof(Frameworks))]
    public async Task EveryFrameworkHasItsTypes(string framework, string type)
    {
        var references = framework switch
        {
            "net8.0" => ReferenceAssemblies.Net.Net80,
            "net472" => ReferenceAssemblies.NetFramework.Net472.Default,
            "netstandard2.0" => ReferenceAssemblies.NetStandard.NetStandard20,
            _ => new ReferenceAssemblies("net10.0", new PackageIdentity("Microsoft.NETCore.App.Ref", "10.0.0"), "ref/net10.0"),
        };
        await new ToyTest { ReferenceAssemblies = references, TestCode = $"class C {{ void M({type} x) {{ }} }}" }.RunAsync();
        var all = await references.ResolveAsync(LanguageNames.CSharp, CancellationToken.None);
        Assert.NotEmpty(all);
    }

    [Fact]
    public Task AFrameworkWithoutASetIsNamed()
        => new ToyTest { ReferenceAssemblies = new("net1.0"), TestCode = "class C { }" }.FailsAsync("net1.0");

    [Fact]
    public async Task AStrictExpectationGetsTheOnlyDiagnosticThatFitsIt()
    {
        // The loose one comes first and fits both.
        var test = new ToyTest { TestCode = Body("int {|#0:bad|} = 0;").Replace("int", "int {|#1:bad1|} = 0; int", StringComparison.Ordinal) };
        await test.Expecting(
            s_bad.WithArguments("bad1").WithLocation(1),
            s_bad.WithMessage(null).WithLocation(0)).RunAsync();
    }
}

public class Referenced;
