using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// A source without its markup, and what was marked: <c>[|…|]</c> has the name "", <c>{|name:…|}</c> its name, and
/// <c>$$</c> is a position. Spans may nest.
/// </summary>
internal sealed partial record Markup(string Text, ImmutableArray<(string Name, TextSpan Span)> Spans, ImmutableArray<int> Positions)
{
    [GeneratedRegex(@"\[\||\|\]|\{\|(?<name>[^:|\[\]{}\s]+):|\|\}|\$\$")]
    private static partial Regex Tokens();

    public static Markup Parse(string source, bool positionsAreCode)
    {
        var text = new StringBuilder();
        var open = new Stack<(string Name, int Start, bool Named)>();
        var spans = ImmutableArray.CreateBuilder<(string, TextSpan)>();
        var positions = ImmutableArray.CreateBuilder<int>();
        var copied = 0;
        foreach (Match token in Tokens().Matches(source))
        {
            if (token.Value == "$$" && positionsAreCode)
            {
                continue;
            }

            text.Append(source, copied, token.Index - copied);
            copied = token.Index + token.Length;
            switch (token.Value)
            {
                case "$$":
                    positions.Add(text.Length);
                    break;
                case "[|":
                    open.Push(("", text.Length, Named: false));
                    break;
                case "|]" or "|}":
                    if (!open.TryPop(out var start) || start.Named != (token.Value == "|}"))
                    {
                        throw new ArgumentException($"Markup: '{token.Value}' at {token.Index} closes nothing that is open there:\n{source}");
                    }

                    spans.Add((start.Name, TextSpan.FromBounds(start.Start, text.Length)));
                    break;
                default:
                    open.Push((token.Groups["name"].Value, text.Length, Named: true));
                    break;
            }
        }

        if (open.Count > 0)
        {
            throw new ArgumentException($"Markup: {open.Count} span(s) are never closed:\n{source}");
        }

        text.Append(source, copied, source.Length - copied);
        return new(text.ToString(), spans.ToImmutable(), positions.ToImmutable());
    }
}
