using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// What methods of source promise of their parameters, read off their bodies: <c>bool Ok(T t) => t != null &amp;&amp; t.Ready</c>,
/// <c>void Check(T t) { if (t == null) throw … }</c>. Asked only of a weak read passed on unchecked to a method that tests the parameter.
/// </summary>
internal sealed class Promises
{
    private const int LongestBody = 800;

    private readonly Compilation _compilation;
    private readonly WeakReadFlow _flow;
    private readonly Summary<IParameterSymbol, Promise> _known;

    public Promises(Compilation compilation, WeakReadFlow flow)
    {
        _compilation = compilation;
        _flow = flow;
        _known = new Summary<IParameterSymbol, Promise>(SymbolEqualityComparer.Default, Promise.None, Find);
    }

    public Promise Of(IMethodSymbol method, IParameterSymbol parameter, Inquiry asking)
    {
        method = method.OriginalDefinition;
        return parameter.RefKind != RefKind.None || parameter.Ordinal >= method.Parameters.Length
            || !ReferenceEquals(method.ContainingAssembly, _compilation.Assembly)
            ? Promise.None
            : _known.Of(method.Parameters[parameter.Ordinal], asking);
    }

    private Promise Find(IParameterSymbol parameter, Inquiry inquiry)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { IsAsync: false } method
            || method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not MethodDeclarationSyntax declaration
            || declaration.Span.Length > LongestBody
            || !_flow.TestsForNull(parameter) || Operations.Of(_compilation, declaration, default) is not { } root
            || new BodyFacts(root, _flow).IsReassigned(parameter) || _flow.OutcomeOf(root, inquiry) is not { } outcome)
        {
            return Promise.None;
        }

        return outcome.Exit?[parameter].Null == Nullness.NotNull ? Promise.NotNullAfter
            : method.ReturnType.SpecialType != SpecialType.System_Boolean ? Promise.None
            : outcome.When(true)?[parameter].Null == Nullness.NotNull ? Promise.NotNullWhenTrue
            : outcome.When(false)?[parameter].Null == Nullness.NotNull ? Promise.NotNullWhenFalse : Promise.None;
    }
}
