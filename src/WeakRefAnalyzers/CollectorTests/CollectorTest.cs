using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>
/// Code that wants its target to die, because it watches the collector: tests, factories marked NoInlining, types that
/// call <c>GC.Collect</c>.
/// </summary>
internal static class CollectorTest
{
    public static bool Contains(IOperation operation)
    {
        var innermost = true;
        foreach (var node in operation.Syntax.Ancestors())
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax method when IsNotInlined(method.AttributeLists):
                case LocalFunctionStatementSyntax function when IsNotInlined(function.AttributeLists):
                case AccessorDeclarationSyntax accessor when IsNotInlined(accessor.AttributeLists):
                    return true;
                case TypeDeclarationSyntax type:
                    if (IsTest(type) || (innermost && Collects(type)))
                    {
                        return true;
                    }

                    innermost = false;
                    break;
            }
        }

        return innermost && Collects(operation.Syntax.SyntaxTree.GetRoot());
    }

    /// <summary>Whether a type around the code is a test's.</summary>
    public static bool IsTestCode(SyntaxNode code) => code.Ancestors().Any(static node => node is TypeDeclarationSyntax type && IsTest(type));

    private static bool IsNotInlined(SyntaxList<AttributeListSyntax> lists) =>
        lists.Any(list => list.Attributes.Any(attribute => attribute.ArgumentList?.ToString().Contains("NoInlining") == true));

    private static bool IsTest(TypeDeclarationSyntax type) =>
        type.AttributeLists.Any(IsTest) || type.Members.Any(member => member is MethodDeclarationSyntax method && method.AttributeLists.Any(IsTest));

    private static bool IsTest(AttributeListSyntax list) => list.Attributes.Any(attribute =>
    {
        var name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        name = name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
        return Ends("Fact") || Ends("Theory") || Ends("Test") || Ends("TestMethod") || Ends("TestClass") || Ends("TestFixture") || Ends("TestCase");

        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
    });

    private static bool Collects(SyntaxNode scope) => scope.DescendantNodes().Any(node =>
        node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Collect", Expression: { } owner }
        && owner is IdentifierNameSyntax { Identifier.ValueText: "GC" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GC" });
}
