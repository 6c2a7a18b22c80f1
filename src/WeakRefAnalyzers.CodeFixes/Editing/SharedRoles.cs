using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The role table of a compilation, made once however many of its diagnostics are looked at, and gone with it.</summary>
internal static class SharedRoles
{
    private static readonly ConditionalWeakTable<Compilation, RoleTable> Tables = new();

    public static RoleTable Of(FixSite site) =>
        Tables.GetValue(site.Model.Compilation, compilation =>
            new RoleTable(compilation, Configuration.Of(compilation, site.Document.Project.AnalyzerOptions)));
}
