using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Flow;

/// <summary>
/// What methods of source promise of their parameters, read off their bodies: <c>bool Ok(T t) => t != null &amp;&amp; t.Ready</c>,
/// <c>void Check(T t) { if (t == null) throw … }</c>. Asked only of a weak read passed on unchecked to a method that tests the parameter.
/// </summary>
internal sealed class SourcePromises(Compilation compilation, WeakReadFlow flow)
{
    private const int MaxHops = 3;
    private const int LongestBody = 800;

    private readonly ConcurrentDictionary<IParameterSymbol, Promise> _known = new(SymbolEqualityComparer.Default);
    private readonly ThreadLocal<HashSet<IParameterSymbol>> _asking = new(static () => new HashSet<IParameterSymbol>(SymbolEqualityComparer.Default));

    public Promise Of(IMethodSymbol method, IParameterSymbol parameter)
    {
        method = method.OriginalDefinition;
        if (parameter.RefKind != RefKind.None || parameter.Ordinal >= method.Parameters.Length || !ReferenceEquals(method.ContainingAssembly, compilation.Assembly))
        {
            return Promise.None;
        }

        parameter = method.Parameters[parameter.Ordinal];
        if (_known.TryGetValue(parameter, out var known))
        {
            return known;
        }

        // What calls itself on the way promises nothing by that.
        var asking = _asking.Value!;
        if (asking.Count > MaxHops || !asking.Add(parameter))
        {
            return Promise.None;
        }

        var found = Find(method, parameter);
        asking.Remove(parameter);
        if (found != Promise.None || asking.Count == 0)
        {
            _known.TryAdd(parameter, found);
        }

        return found;
    }

    private Promise Find(IMethodSymbol method, IParameterSymbol parameter)
    {
        if (method.IsAsync || method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not MethodDeclarationSyntax declaration || declaration.Span.Length > LongestBody
            || !Callees.TestsForNull(method, parameter) || Operations.Of(compilation, declaration, default) is not { } root
            || new FlowBody(root, flow.Roles).IsReassigned(parameter) || flow.OutcomeOf(root) is not { } outcome)
        {
            return Promise.None;
        }

        return outcome.Exit?[parameter].Null == Nullness.NotNull ? Promise.NotNullAfter
            : method.ReturnType.SpecialType != SpecialType.System_Boolean ? Promise.None
            : outcome.When(true)?[parameter].Null == Nullness.NotNull ? Promise.NotNullWhenTrue
            : outcome.When(false)?[parameter].Null == Nullness.NotNull ? Promise.NotNullWhenFalse : Promise.None;
    }
}
