using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Gives the handle to a nested SafeHandle and takes the finalizer away.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF502_UseSafeHandle() : WeakFix("Keep the handle in a SafeHandle", "WREF502")
{
    private protected override FixEdit? Edit(FixSite site) =>
        site.Node.FirstAncestorOrSelf<DestructorDeclarationSyntax>() is { Parent: ClassDeclarationSyntax type } finalizer
        && type.Members.OfType<MethodDeclarationSyntax>().Where(static method =>
            method.Identifier.ValueText == "Dispose").ToArray() is { Length: 1 } disposes
        && disposes[0] is { ParameterList.Parameters.Count: 0 } dispose
            ? HandleInSafeHandle.Of(site, finalizer, dispose)
            : null;
}
