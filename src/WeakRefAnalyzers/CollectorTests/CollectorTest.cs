using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>
/// Code that wants its target to die, because it watches the collector: tests, factories marked NoInlining, what is
/// looked at after a collection.
/// </summary>
internal static class CollectorTest
{
    public static bool Watches(WeakTarget target, KnownFacts known) =>
        Contains(target.Operation.Syntax, known) || Watch.IsOn(target, known);

    public static bool Watches(CleanupCallback cleanup, KnownFacts known) =>
        Contains(cleanup.Operation.Syntax, known) || Watch.IsOn(cleanup, known);

    /// <summary>Whether a type around the code is a test's.</summary>
    public static bool IsTestCode(IOperation code, KnownFacts known) => IsTestCode(code.Syntax, known);

    public static bool IsTestCode(SyntaxNode code, KnownFacts known) =>
        code.Ancestors().Any(node => node is TypeDeclarationSyntax type && IsTest(type, known));

    private static bool Contains(SyntaxNode code, KnownFacts known) => code.Ancestors().Any(node => node switch
    {
        BaseMethodDeclarationSyntax method => IsNotInlined(method.AttributeLists),
        LocalFunctionStatementSyntax function => IsNotInlined(function.AttributeLists),
        AccessorDeclarationSyntax accessor => IsNotInlined(accessor.AttributeLists),
        TypeDeclarationSyntax type => IsTest(type, known),
        _ => false,
    });

    private static bool IsNotInlined(SyntaxList<AttributeListSyntax> lists) =>
        lists.Any(list => list.Attributes.Any(attribute => attribute.ArgumentList?.ToString().Contains("NoInlining") == true));

    private static bool IsTest(TypeDeclarationSyntax type, KnownFacts known) =>
        known.Of(type, static type => new Purpose(type.AttributeLists.Any(IsTest)
            || type.Members.Any(static member => member is MethodDeclarationSyntax method && method.AttributeLists.Any(IsTest)))).IsTest;

    private static bool IsTest(AttributeListSyntax list) => list.Attributes.Any(attribute =>
    {
        var name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        return Vocabulary.IsOfTests(name);
    });

    private sealed class Purpose(bool isTest)
    {
        public bool IsTest => isTest;
    }
}
