using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF001_UnknownName
{
    /// <summary>What is wrong with a setting, and what was probably meant.</summary>
    /// <param name="compilation">The project.</param>
    /// <param name="folder">The project's folder, where the host tells it.</param>
    private sealed class Faults(Compilation compilation, string? folder)
    {
        /// <summary>More of one line tell a reader nothing.</summary>
        private const int Most = 10;

        private readonly Suggestions _suggestions = new(compilation);

        public IEnumerable<(TextSpan? Part, string Says)> Of(Setting setting)
        {
            if (!Configuration.Options.Contains(setting.Option))
            {
                var near = Suggestions.Nearest(setting.Option, Configuration.Options, setting.Option.Length / 3);
                return [(null, "does not exist" + Meant(near))];
            }

            if (setting.Option == Configuration.GeneratedCode)
            {
                return bool.TryParse(setting.Value, out _) ? [] : [(null, "is neither true nor false")];
            }

            var names = SpelledName.Split(setting.Value);
            return names.Count == 0 ? [(null, "is empty")]
                : names.Count == SpelledName.MostNames ? [(null, $"names more than {SpelledName.MostNames} things; the rest is not read")]
                : In(names, setting).Take(Most);
        }

        private IEnumerable<(TextSpan? Part, string Says)> In(IEnumerable<TextSpan> names, Setting setting)
        {
            foreach (var span in names)
            {
                if (FaultOf(setting, setting.Value.Substring(span.Start, span.Length)) is { } says)
                {
                    yield return (span, says);
                }
            }
        }

        private string? FaultOf(Setting setting, string name)
        {
            if (Configuration.RoleOf(setting.Option) is { } role)
            {
                var member = SpelledMember.Parse(name);
                var found = member.In(compilation);
                return found.Count == 0 ? Unknown(setting, name, "no method or property", _suggestions.Member(member))
                    : found.All(symbol => member.PlaceOf(role, symbol) is null)
                        ? $"names '{Short(name)}': {WhyNot(member, found[0])}" : null;
            }

            return SpelledName.Types(compilation, name).Any() ? null : Unknown(setting, name, "no type", _suggestions.Type(name));
        }

        private static string WhyNot(SpelledMember member, ISymbol found) => found is not IMethodSymbol method
            ? "a property cannot have that role"
            : member.Parameter is not null ? "there is no such parameter"
            : method.Parameters.IsEmpty ? "the role is a parameter's, and there is none"
            : "write the parameter's name behind it, after a blank";

        /// <summary>
        /// One configuration serves many projects, and not all of them refer to the same assemblies: of a name of which this project knows
        /// nothing only its own files are told.
        /// </summary>
        private string? Unknown(Setting setting, string name, string what, string? meant) =>
            meant is not null || setting.IsBelow(folder) || _suggestions.KnowsBeginOf(name)
                ? $"names '{Short(name)}', which is {what} of this project{Meant(meant)}" : null;

        private static string Meant(string? name) => name is null ? "" : $"; did you mean '{name}'?";

        private static string Short(string name) => name.Length <= 100 ? name : name.Substring(0, 100) + "…";
    }
}
