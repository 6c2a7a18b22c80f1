using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Removes the dead entries where a miss adds a new one, inside whatever lock is held there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF602_PruneOnMiss() : WeakFix("Remove dead entries before adding one", "WREF602")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Model.GetDeclaredSymbol(site.Node, site.Cancel) is not IFieldSymbol { Type: INamedTypeSymbol type } field
            || site.Related(Place.Addition) is not ExpressionSyntax { } addition
            || addition.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax block } statement || !statement.Expression.Span.Contains(addition.Span) || statement.Expression.SpanStart != addition.SpanStart
            || addition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().First(name => name.Identifier.ValueText == field.Name) is not { } name)
        {
            return null;
        }

        var collection = (name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name).ToString();
        var item = UnusedName.ForLocal(site, statement, type.TypeArguments.Length == 1 ? "reference" : "entry");
        var text = type switch
        {
            { Name: "List", TypeArguments: { Length: 1 } items } when IsDead(items[0], item) is { } dead => $"{collection}.RemoveAll({item} => {dead});",
            { Name: "HashSet", TypeArguments: { Length: 1 } items } when IsDead(items[0], item) is { } dead => $"{collection}.RemoveWhere({item} => {dead});",
            { Name: "Dictionary" or "ConcurrentDictionary", TypeArguments: { Length: 2 } pair } when IsDead(pair[1], item + ".Value") is { } dead => Loop(site.Model, statement, type, collection, item, dead),
            _ => null,
        };
        if (text is null)
        {
            return null;
        }

        var prune = Parsed.Statement(text + "\n");
        return new FixEdit(block, editor => editor.InsertBefore(statement, prune));
    }

    private static string? Loop(SemanticModel model, StatementSyntax statement, INamedTypeSymbol type, string collection, string item, string dead)
    {
        string? Generic(string name, params ITypeSymbol[] arguments) =>
            model.Compilation.GetTypeByMetadataName("System.Collections.Generic." + name)?.Construct(arguments).ToMinimalDisplayString(model, statement.SpanStart);

        if (model.Compilation.GetTypeByMetadataName("System.Collections.Generic.KeyValuePair`2")?.Construct(type.TypeArguments.ToArray()) is not { } pair)
        {
            return null;
        }

        // A copy, since a Dictionary before .NET Core 3.0 does not let go of an entry while it is enumerated; the whole pair, since a
        // concurrent one may have got a new entry under the key.
        var (entries, removal) = type.Name == "Dictionary"
            ? ($"new {Generic("List`1", pair)}({collection})", $"{collection}.Remove({item}.Key);")
            : (collection, $"(({Generic("ICollection`1", pair)}){collection}).Remove({item});");
        return $"foreach (var {item} in {entries})\n{{\nif ({dead})\n{{\n{removal}\n}}\n}}";
    }

    /// <summary>The test that the target is gone; null for a type whose members we do not know.</summary>
    private static string? IsDead(ITypeSymbol type, string reference) => type switch
    {
        INamedTypeSymbol { Name: "WeakReference", Arity: 0, ContainingNamespace.Name: "System" } => $"!{reference}.IsAlive",
        INamedTypeSymbol { Name: "WeakReference" or "WeakRef", Arity: 1, ContainingNamespace.Name: "System" or "WeakRefs" } => $"!{reference}.TryGetTarget(out _)",
        _ => null,
    };
}
