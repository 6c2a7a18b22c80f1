using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF001_UnknownName
{
    /// <summary>A line of a configuration file that speaks to this package, or what a host says without telling where it stands.</summary>
    /// <param name="Option">The name of the option, in small letters.</param>
    /// <param name="Value">What stands behind the equals sign, without comments.</param>
    /// <param name="File">The file that it stands in.</param>
    /// <param name="Start">Where the option begins in the file.</param>
    /// <param name="ValueStart">Where the value does.</param>
    private sealed record Setting(string Option, string Value, AdditionalText? File, int Start, int ValueStart = 0)
    {
        public static bool IsOurs(string option) => option.StartsWith("weakref", StringComparison.Ordinal);

        /// <summary>Reads files the way the compiler does.</summary>
        public static void AddFrom(AdditionalText file, List<Setting> settings, CancellationToken cancel)
        {
            if (!Configuration.MayConfigure(file) || file.GetText(cancel) is not { } text
                || text.ToString() is not { } all || all.IndexOf("weakref", StringComparison.OrdinalIgnoreCase) < 0)
            {
                return;
            }

            foreach (var line in text.Lines)
            {
                var (start, end) = (line.Start, line.End);
                var separator = all.IndexOfAny(['=', ':'], start, end - start);
                var option = separator < 0 ? "" : all.Substring(start, separator - start).Trim().ToLowerInvariant();
                if (!IsOurs(option))
                {
                    continue;
                }

                var comment = all.IndexOfAny(['#', ';'], separator, end - separator);
                var value = all.Substring(separator + 1, (comment < 0 ? end : comment) - separator - 1);
                var begin = separator + 1 + value.Length - value.TrimStart().Length;
                while (char.IsWhiteSpace(all[start]))
                {
                    start++;
                }

                settings.Add(new Setting(option, value.Trim(), file, start, begin));
            }
        }

        /// <summary>Where a part of the value stands, or where the option does.</summary>
        public Location LocationOf(TextSpan? part)
        {
            if (File?.GetText() is not { } text)
            {
                return Location.None;
            }

            var span = part is { } inner ? new TextSpan(ValueStart + inner.Start, inner.Length) : new TextSpan(Start, Option.Length);
            return Location.Create(File.Path, span, text.Lines.GetLinePositionSpan(span));
        }

        public bool IsBelow(string? folder) => File is not null && !string.IsNullOrEmpty(folder)
            && File.Path.Replace('\\', '/').StartsWith(folder!.Replace('\\', '/').TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);
    }
}
