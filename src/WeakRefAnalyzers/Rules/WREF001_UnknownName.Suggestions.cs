using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF001_UnknownName
{
    /// <summary>What a name that leads nowhere was probably meant to be.</summary>
    private sealed class Suggestions(Compilation compilation)
    {
        private const string Global = "global::";
        private const int Longest = 300;

        public string? Type(string name)
        {
            if (name.Length > Longest)
            {
                return null;
            }

            var plain = name.Replace(Global, "");
            return (SpelledName.Types(compilation, plain).FirstOrDefault()
                ?? SpelledName.Find(compilation, plain, Similar).OfType<INamedTypeSymbol>().FirstOrDefault()
                ?? Anywhere(plain))?.ToDisplayString();
        }

        public string? Member(SpelledMember member)
        {
            if (member.Type.Length + member.Name.Length > Longest)
            {
                return null;
            }

            var type = member.Type.Replace(Global, "");
            var found = SpelledName.Types(compilation, type)
                .Concat(SpelledName.Find(compilation, type, Similar).OfType<INamedTypeSymbol>())
                .SelectMany(one => Similar(one.GetMembers().Where(static inner => inner is IMethodSymbol or IPropertySymbol), member.Name))
                .FirstOrDefault();
            return found?.GetDocumentationCommentId()?.Replace("#ctor", ".ctor");
        }

        /// <summary>Whether the first word is a namespace or type of the project or what it refers to.</summary>
        public bool KnowsBeginOf(string name)
        {
            var start = name.Length > 1 && name[1] == ':' ? 2 : 0;
            return name.Length <= Longest
                && Similar(compilation.GlobalNamespace, SpelledName.Segment(name.Replace(Global, ""), start).Name).Any();
        }

        /// <summary>The one that takes the fewest changes, at most so many.</summary>
        public static string? Nearest(string word, IEnumerable<string> names, int most)
        {
            var (best, least) = ((string?)null, most + 1);
            foreach (var name in word.Length > Longest ? [] : names)
            {
                if (Math.Abs(name.Length - word.Length) < least && Distance(word, name) is var distance && distance < least)
                {
                    (best, least) = (name, distance);
                }
            }

            return best;
        }

        private static IEnumerable<ISymbol> Similar(INamespaceOrTypeSymbol container, string name) =>
            Similar(container.GetMembers().Where(static member => member is INamespaceOrTypeSymbol), name);

        private static IEnumerable<ISymbol> Similar(IEnumerable<ISymbol> members, string name)
        {
            var all = members.ToArray();
            var alike = Array.FindAll(all, member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));
            return alike.Length > 0 ? alike.OrderByDescending(member => member.Name == name)
                : Nearest(name, all.Select(static member => member.Name), 1 + (name.Length / 4)) is { } near
                    ? all.Where(member => member.Name == near) : [];
        }

        /// <summary>A type of that name in some other namespace.</summary>
        private INamedTypeSymbol? Anywhere(string name)
        {
            var last = name.LastIndexOfAny(['.', '+']) + 1;
            var simple = SpelledName.Segment(name, last).Name;
            foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols.Prepend(compilation.Assembly))
            {
                if (simple.Length > 0 && assembly.TypeNames.Contains(simple) && In(assembly.GlobalNamespace, simple) is { } type)
                {
                    return type;
                }
            }

            return null;
        }

        private static INamedTypeSymbol? In(INamespaceSymbol space, string name) =>
            space.GetTypeMembers(name).FirstOrDefault()
            ?? space.GetNamespaceMembers().Select(inner => In(inner, name)).FirstOrDefault(static type => type is not null);

        /// <summary>How many letters to put in, take out or change.</summary>
        private static int Distance(string one, string two)
        {
            var row = Enumerable.Range(0, two.Length + 1).ToArray();
            for (var i = 1; i <= one.Length; i++)
            {
                var corner = row[0]++;
                for (var j = 1; j <= two.Length; j++)
                {
                    var change = corner + (one[i - 1] == two[j - 1] ? 0 : 1);
                    corner = row[j];
                    row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
                }
            }

            return row[two.Length];
        }
    }
}
