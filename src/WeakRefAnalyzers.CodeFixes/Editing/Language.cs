using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What syntax the file's version of C# has.</summary>
internal readonly struct Language(SyntaxNode node)
{
    private readonly LanguageVersion _version = ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion;

    /// <summary><c>?.</c>, <c>nameof</c>, expression bodies.</summary>
    public bool HasNullConditional => _version >= LanguageVersion.CSharp6;

    /// <summary><c>is T t</c>, <c>out var</c>, discards, throw expressions, local functions.</summary>
    public bool HasPatterns => _version >= LanguageVersion.CSharp7;

    /// <summary>
    /// <c>is { }</c>, <c>??=</c>, using declarations, static local functions, <c>T?</c> of a class, a lambda's parameter that hides a
    /// local.
    /// </summary>
    public bool HasPropertyPatterns => _version >= LanguageVersion.CSharp8;

    /// <summary><c>is not</c>, static lambdas, attributes on local functions.</summary>
    public bool HasNotPatterns => _version >= LanguageVersion.CSharp9;
}
