using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What whoever loads the analyzer counts on: each Roslyn that the tests run on is a host.</summary>
public class HostTests
{
    private const int Compilations = 100;
    private const int Attempts = 40;

    /// <summary>A member that the host's Roslyn lacks would be missed only where a user's code leads there.</summary>
    [Theory]
    [InlineData(typeof(WeakRefAnalyzer))]
    [InlineData(typeof(WeakFix))]
    public void EveryMethodCompilesAgainstTheHost(Type ofAssembly)
    {
        List<string> missing = [];
        var count = 0;
        foreach (var type in ofAssembly.Assembly.GetTypes())
        {
            const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
                | BindingFlags.Instance;
            foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            {
                if (method.IsAbstract || method.GetMethodBody() is null)
                {
                    continue;
                }

                try
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle, Arguments(type, method));
                    count++;
                }
                catch (Exception e) when (e is MissingMemberException or TypeLoadException or FileNotFoundException)
                {
                    missing.Add($"{type}.{method.Name}: {e.Message}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.True(count > 300, count.ToString());
    }

    /// <summary>Wherever the cancellation comes, nothing else comes out, and the same analyzer answers as before right after it.</summary>
    [Fact]
    public async Task CancelledAtAnyPointItGoesOnAfterwards()
    {
        var analyzer = new WeakRefAnalyzer();
        var compilation = Whole.Compile(Misuses());
        var expected = await Reports(compilation, analyzer, CancellationToken.None);
        Assert.NotEmpty(expected);
        for (var i = 0; i < Attempts; i++)
        {
            using var source = new CancellationTokenSource();
            source.CancelAfter(TimeSpan.FromMilliseconds(i * 3));
            try
            {
                Assert.Equal(expected, await Reports(Whole.Compile(Misuses()), analyzer, source.Token));
            }
            catch (OperationCanceledException)
            {
            }
        }

        Assert.Equal(expected, await Reports(Whole.Compile(Misuses()), analyzer, CancellationToken.None));
    }

    /// <summary>An editor keeps one analyzer for days and makes a compilation at each keystroke.</summary>
    [Fact]
    public async Task NoCompilationIsKept()
    {
        var analyzer = new WeakRefAnalyzer();
        List<WeakReference> compilations = [];
        for (var i = 0; i < Compilations; i++)
        {
            compilations.Add(await Analyzed(analyzer, i));
        }

        for (var i = 0; i < 50 && compilations.Exists(static compilation => compilation.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(20);
        }

        Assert.Equal(0, compilations.Count(static compilation => compilation.IsAlive));
        GC.KeepAlive(analyzer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> Analyzed(WeakRefAnalyzer analyzer, int number)
    {
        var compilation = Whole.Compile([("Source.cs", $$"""
            using System;
            class C{{number}}
            {
                WeakReference w;
                ~C{{number}}() { lock (typeof(C{{number}})) { } }
                void M() { w.Target.ToString(); }
            }
            """)]);
        Assert.NotEmpty(await Reports(compilation, analyzer, CancellationToken.None));
        return new WeakReference(compilation);
    }

    private static async Task<string[]> Reports(Compilation compilation, WeakRefAnalyzer analyzer, CancellationToken cancel)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await compilation.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(analyzer), options)
            .GetAnalyzerDiagnosticsAsync(cancel);
        Assert.DoesNotContain(found, static diagnostic => diagnostic.Id == "AD0001");
        return [.. found.Select(static diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Path, string Text)> Misuses() =>
        Repository.List("samples/Misuse", "WREF*.cs").Select(static path => (path, Repository.Read(path)));

    /// <summary>Any that the constraints allow: code for one class serves all.</summary>
    private static RuntimeTypeHandle[]? Arguments(Type type, MethodBase method)
    {
        var open = type.GetGenericArguments().Concat(method.IsGenericMethod ? method.GetGenericArguments() : []).ToArray();
        return open.Length == 0 ? null : [.. open.Select(static parameter =>
            (parameter.GenericParameterAttributes & GenericParameterAttributes.NotNullableValueTypeConstraint) != 0 ? typeof(int).TypeHandle
            : (parameter.GetGenericParameterConstraints().FirstOrDefault() ?? typeof(object)).TypeHandle)];
    }
}
