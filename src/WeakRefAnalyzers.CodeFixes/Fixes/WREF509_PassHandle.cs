using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Passes the field <c>handle</c> in the place of the SafeHandle, to an overload of the native function that takes a raw handle: one
/// that is there, or a copy of the declaration beside it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF509_PassHandle() : WeakFix("Pass the raw handle", "WREF509")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || call.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner
            || call.ArgumentList.Arguments.Where(static argument =>
                argument.Expression is ThisExpressionSyntax).ToArray() is not { Length: 1 } passed
            || call.ArgumentList.Arguments.Any(static argument => argument.NameColon is not null)
            || site.Model.GetSymbolInfo(call, site.Cancel).Symbol is not IMethodSymbol { IsStatic: true } method
            || method.GetDllImportData() is null
            || site.Model.LookupSymbols(call.SpanStart, name: "handle").FirstOrDefault() is not IFieldSymbol)
        {
            return null;
        }

        var index = call.ArgumentList.Arguments.IndexOf(passed[0]);
        var handle = SyntaxFactory.ParseExpression(CodeStyle.Field(site, owner, "handle")).WithTriviaFrom(passed[0].Expression);
        if (HasOverload(method, index))
        {
            return new FixEdit(passed[0], editor => editor.ReplaceNode(passed[0].Expression, handle));
        }

        var declaration = method.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) as MethodDeclarationSyntax;
        if (declaration?.SyntaxTree != site.Root.SyntaxTree || declaration.ParameterList.Parameters[index].Type is not { } type)
        {
            return null;
        }

        var raw = declaration.ReplaceNode(type, SyntaxFactory.ParseTypeName(RawType(site, declaration)).WithTriviaFrom(type));
        var gap = declaration.GetLeadingTrivia().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        raw = raw.WithLeadingTrivia(gap.Append(SyntaxFactory.Whitespace(MovedLines.IndentOf(declaration))))
            .WithTrailingTrivia(LineBreak.Of(declaration));
        return new FixEdit(site.Root, editor =>
        {
            editor.ReplaceNode(passed[0].Expression, handle);
            editor.InsertAfter(declaration, raw);
        }) { Nodes = [passed[0], declaration] };
    }

    /// <summary>As the file calls it: short where its usings allow it, and <c>nint</c> only where it says nothing else.</summary>
    private static string RawType(FixSite site, SyntaxNode declaration)
    {
        var names = site.Root.DescendantNodes().OfType<IdentifierNameSyntax>().ToLookup(static name => name.Identifier.ValueText);
        return names.Contains("nint") && !names.Contains("IntPtr") ? "nint"
            : site.Model.LookupNamespacesAndTypes(declaration.SpanStart, name: "IntPtr").Any() ? "IntPtr" : "System.IntPtr";
    }

    private static bool HasOverload(IMethodSymbol method, int index)
    {
        foreach (var member in method.ContainingType.GetMembers(method.Name))
        {
            if (member is IMethodSymbol { IsStatic: true } other && other.Parameters.Length == method.Parameters.Length
                && other.Parameters.All(parameter => parameter.Ordinal == index
                    ? parameter.Type.SpecialType == SpecialType.System_IntPtr
                    : SymbolEqualityComparer.Default.Equals(parameter.Type, method.Parameters[parameter.Ordinal].Type)))
            {
                return true;
            }
        }

        return false;
    }
}
