using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>
/// Code that wants its target to die, because it watches the collector: tests, factories marked NoInlining, what is
/// looked at after a collection.
/// </summary>
internal static class CollectorTest
{
    /// <summary>Which types are tests; lives as long as their trees.</summary>
    private static readonly ConditionalWeakTable<TypeDeclarationSyntax, object> Tests = new();

    public static bool Watches(WeakTarget target) => Contains(target.Operation.Syntax) || Watch.IsOn(target);

    public static bool Watches(CleanupCallback cleanup) => Contains(cleanup.Operation.Syntax) || Watch.IsOn(cleanup);

    /// <summary>Whether a type around the code is a test's.</summary>
    public static bool IsTestCode(SyntaxNode code) =>
        code.Ancestors().Any(static node => node is TypeDeclarationSyntax type && IsTest(type));

    private static bool Contains(SyntaxNode code) => code.Ancestors().Any(static node => node switch
    {
        BaseMethodDeclarationSyntax method => IsNotInlined(method.AttributeLists),
        LocalFunctionStatementSyntax function => IsNotInlined(function.AttributeLists),
        AccessorDeclarationSyntax accessor => IsNotInlined(accessor.AttributeLists),
        TypeDeclarationSyntax type => IsTest(type),
        _ => false,
    });

    private static bool IsNotInlined(SyntaxList<AttributeListSyntax> lists) =>
        lists.Any(list => list.Attributes.Any(attribute => attribute.ArgumentList?.ToString().Contains("NoInlining") == true));

    private static bool IsTest(TypeDeclarationSyntax type) => (bool)Tests.GetValue(type, static declaration =>
        declaration.AttributeLists.Any(IsTest)
            || declaration.Members.Any(static member => member is MethodDeclarationSyntax method && method.AttributeLists.Any(IsTest)));

    private static bool IsTest(AttributeListSyntax list) => list.Attributes.Any(attribute =>
    {
        var name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        name = name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
        return Ends("Fact") || Ends("Theory") || Ends("Test") || Ends("TestMethod") || Ends("TestClass") || Ends("TestFixture")
            || Ends("TestCase");

        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
    });
}
