using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The target frameworks that a file is compiled for, each a project of its own: what a fix writes must compile on all of them.</summary>
internal static class Frameworks
{
    /// <summary>Whether the type has a public member of that name everywhere.</summary>
    public static bool Have(FixSite site, string type, string member) =>
        IsIn(site.Model.Compilation, type, member) && site.Document.GetLinkedDocumentIds().All(id => site.Document.Project.Solution.GetProject(id.ProjectId) is not { } project
            || IsIn(CSharpCompilation.Create("References", references: project.MetadataReferences), type, member));

    private static bool IsIn(Compilation compilation, string type, string member) =>
        compilation.GetTypeByMetadataName(type)?.GetMembers(member).Any(static found => found.DeclaredAccessibility == Accessibility.Public) == true;
}
