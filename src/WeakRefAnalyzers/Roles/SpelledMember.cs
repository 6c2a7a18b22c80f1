using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// A member as its documentation id names it, <c>M:Vendor.Box.Get(System.String)</c>; without parentheses all methods of that name. Behind
/// a blank stands the name of a parameter. Since a # begins a comment in configuration files, a constructor is <c>M:Vendor.Box..ctor</c>.
/// </summary>
/// <param name="Type">The type, by whatever spelling.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Signature">The parameters in parentheses, without blanks; null means any.</param>
/// <param name="Parameter">The parameter that has the role, or null.</param>
internal readonly record struct SpelledMember(string Type, string Name, string? Signature, string? Parameter)
{
    public static SpelledMember Parse(string text)
    {
        var start = text.Length > 1 && text[1] == ':' ? 2 : 0;
        var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
        var pathEnd = open >= 0 ? open : text.IndexOf(' ', start) is var blank && blank >= 0 ? blank : text.Length;
        var rest = text.Substring(open >= 0 && close > open ? close + 1 : pathEnd).Trim();
        var path = text.Substring(start, Math.Max(0, pathEnd - start)).Replace("#ctor", ".ctor");
        var (last, depth) = (-1, 0);
        for (var i = 0; i < path.Length; i++)
        {
            depth += path[i] == '<' ? 1 : path[i] == '>' ? -1 : 0;
            last = path[i] == '.' && depth == 0 && (i == 0 || path[i - 1] != '.') ? i : last;
        }

        var name = path.Substring(last + 1);
        return new SpelledMember(
            last < 0 ? "" : path.Substring(0, last),
            name.IndexOfAny(['`', '<']) is var arity && arity >= 0 ? name.Substring(0, arity) : name,
            open >= 0 && close > open ? text.Substring(open, close + 1 - open).Replace(" ", "") : null,
            rest.Length == 0 ? null : rest);
    }

    public IReadOnlyList<ISymbol> In(Compilation compilation)
    {
        var (name, signature) = (Name, Signature);
        return Type.Length == 0 ? [] : SpelledName.Types(compilation, Type)
            .SelectMany(type => type.GetMembers(name))
            .Where(member => member is IPropertySymbol or IMethodSymbol && Has(signature, member))
            .ToArray();
    }

    /// <summary>The member itself or the parameter of it that can have the role; null where it is not clear which.</summary>
    public ISymbol? PlaceOf(string role, ISymbol member)
    {
        if (member is not IMethodSymbol method)
        {
            return Parameter is null && role is "WeakReadAttribute" or "LivenessProbeAttribute" or "WeakTargetAttribute" ? member : null;
        }

        if (Parameter is { } name)
        {
            return method.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        }

        return role switch
        {
            "LivenessProbeAttribute" => method,
            "WeakReadAttribute" => method.ReturnType.SpecialType is SpecialType.System_Boolean or SpecialType.System_Void
                ? Only(method, static parameter => parameter.RefKind == RefKind.Out) : method,
            "CleanupCallbackAttribute" => Only(method, static parameter => parameter.Type.TypeKind == TypeKind.Delegate),
            _ => Only(method, static _ => true),
        };
    }

    private static IParameterSymbol? Only(IMethodSymbol method, Func<IParameterSymbol, bool> matches)
    {
        var all = method.Parameters.Where(matches).ToArray();
        return all.Length == 1 ? all[0] : null;
    }

    private static bool Has(string? signature, ISymbol member) => signature is null
        || (member.GetDocumentationCommentId() is { } id && id.IndexOf('(') is var open
            && (open < 0 ? signature == "()" : id.Substring(open) == signature));
}
