using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public readonly record struct DiagnosticLocation(FileLinePositionSpan Span, DiagnosticLocationOptions Options);

/// <summary>A diagnostic that a test expects. What is not set is not checked, except additional locations.</summary>
public readonly record struct DiagnosticResult
{
    public static readonly DiagnosticResult[] EmptyDiagnosticResults = [];

    private readonly ImmutableArray<DiagnosticLocation> _spans;

    public DiagnosticResult(string id, DiagnosticSeverity severity)
    {
        Id = id;
        Severity = severity;
    }

    public DiagnosticResult(DiagnosticDescriptor descriptor)
        : this(descriptor.Id, descriptor.DefaultSeverity)
    {
        MessageFormat = descriptor.MessageFormat;
    }

    public string Id { get; private init; }

    public DiagnosticSeverity Severity { get; private init; }

    public DiagnosticOptions Options { get; private init; }

    public bool? IsSuppressed { get; private init; }

    public LocalizableString? MessageFormat { get; private init; }

    public object?[]? MessageArguments { get; private init; }

    private string? ExactMessage { get; init; }

    private bool AnyMessage { get; init; }

    public ImmutableArray<DiagnosticLocation> Spans
    {
        get => _spans.IsDefault ? [] : _spans;
        internal init => _spans = value;
    }

    public bool HasLocation => Spans.Length > 0;

    public string? Message => MessageFor(MessageFormat);

    public static DiagnosticResult CompilerError(string identifier) => new(identifier, DiagnosticSeverity.Error);

    public static DiagnosticResult CompilerWarning(string identifier) => new(identifier, DiagnosticSeverity.Warning);

    public DiagnosticResult WithId(string id) => this with { Id = id };

    public DiagnosticResult WithSeverity(DiagnosticSeverity severity) => this with { Severity = severity };

    public DiagnosticResult WithOptions(DiagnosticOptions options) => this with { Options = options };

    public DiagnosticResult WithIsSuppressed(bool? isSuppressed) => this with { IsSuppressed = isSuppressed };

    /// <summary><see langword="null"/> accepts any message.</summary>
    public DiagnosticResult WithMessage(string? message) => this with { ExactMessage = message, AnyMessage = message is null };

    public DiagnosticResult WithMessageFormat(LocalizableString? messageFormat) => this with { MessageFormat = messageFormat };

    public DiagnosticResult WithArguments(params object[] arguments) => this with { MessageArguments = arguments };

    public DiagnosticResult WithNoLocation() => this with { Spans = [] };

    /// <summary>A point: where the diagnostic ends is not checked.</summary>
    public DiagnosticResult WithLocation(int line, int column) => WithLocation("", line, column);

    public DiagnosticResult WithLocation(LinePosition location) => WithLocation("", location);

    public DiagnosticResult WithLocation(string path, int line, int column)
        => WithLocation(path, new LinePosition(line - 1, column - 1));

    public DiagnosticResult WithLocation(string path, LinePosition location)
        => WithSpan(new FileLinePositionSpan(path, location, location), DiagnosticLocationOptions.IgnoreLength);

    /// <summary>The span that the markup <c>{|#key:…|}</c> marks. The first location is the main one, the rest are additional.</summary>
    public DiagnosticResult WithLocation(int markupKey) => WithLocation(markupKey, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(int markupKey, DiagnosticLocationOptions options)
    {
        var key = new LinePosition(markupKey, 0);
        return WithSpan(new FileLinePositionSpan("", key, key), options | DiagnosticLocationOptions.InterpretAsMarkupKey);
    }

    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan("", startLine, startColumn, endLine, endColumn);

    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(new FileLinePositionSpan(
            path, new LinePosition(startLine - 1, startColumn - 1), new LinePosition(endLine - 1, endColumn - 1)));

    public DiagnosticResult WithSpan(FileLinePositionSpan span) => WithSpan(span, DiagnosticLocationOptions.None);

    public DiagnosticResult WithSpan(FileLinePositionSpan span, DiagnosticLocationOptions options)
        => this with { Spans = Spans.Add(new(span, options)) };

    public DiagnosticResult WithDefaultPath(string path) => MapSpans(
        l => l.Span.Path.Length == 0 ? l with { Span = new(path, l.Span.StartLinePosition, l.Span.EndLinePosition) } : l);

    internal DiagnosticResult MapSpans(Func<DiagnosticLocation, DiagnosticLocation> map)
        => this with { Spans = [.. Spans.Select(map)] };

    internal bool Matches(Diagnostic actual)
    {
        if (Id != actual.Id
            || (Severity != actual.Severity && !Options.HasFlag(DiagnosticOptions.IgnoreSeverity))
            || (IsSuppressed ?? false) != actual.IsSuppressed
            || (MessageFor(MessageFormat ?? (MessageArguments is null ? null : actual.Descriptor.MessageFormat)) is { } message
                && message != actual.GetMessage(CultureInfo.InvariantCulture)))
        {
            return false;
        }

        if (!HasLocation)
        {
            return actual.Location == Location.None;
        }

        return SameSpan(Spans[0], actual.Location)
            && (Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations)
                || (Spans.Length - 1 == actual.AdditionalLocations.Count
                    && Spans.Skip(1).Zip(actual.AdditionalLocations, SameSpan).All(same => same)));
    }

    private static bool SameSpan(DiagnosticLocation expected, Location actual)
    {
        var span = actual.GetLineSpan();
        return span.Path == expected.Span.Path
            && span.StartLinePosition == expected.Span.StartLinePosition
            && (span.EndLinePosition == expected.Span.EndLinePosition
                || expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength));
    }

    private string? MessageFor(LocalizableString? format)
    {
        if (AnyMessage || ExactMessage is not null || format is null)
        {
            return ExactMessage;
        }

        var text = format.ToString(CultureInfo.InvariantCulture);
        try
        {
            return string.Format(CultureInfo.InvariantCulture, text, MessageArguments ?? []);
        }
        catch (FormatException)
        {
            // Too few arguments: the bare format never equals a message, so the check fails and shows it.
            return text;
        }
    }

    /// <summary>As it would stand in a test.</summary>
    public override string ToString()
    {
        var location = string.Concat(Spans.Select(Render));
        var message = Message is { } text ? $".WithMessage({Literal(text)})" : "";
        var arguments = MessageFormat is null && MessageArguments is { } values
            ? $".WithArguments({string.Join(", ", values.Select(v => Literal($"{v}")))})"
            : "";
        var suppressed = IsSuppressed is true ? ".WithIsSuppressed(true)" : "";
        return $"new DiagnosticResult({Literal(Id)}, DiagnosticSeverity.{Severity}){location}{message}{arguments}{suppressed},";
    }

    internal static string Describe(Diagnostic actual)
    {
        var result = new DiagnosticResult(actual.Id, actual.Severity)
            .WithMessage(actual.GetMessage(CultureInfo.InvariantCulture))
            .WithIsSuppressed(actual.IsSuppressed ? true : null);
        foreach (var location in actual.AdditionalLocations.Prepend(actual.Location).Where(l => l != Location.None))
        {
            result = result.WithSpan(location.GetLineSpan());
        }

        return $"// {actual}{Environment.NewLine}{result}";
    }

    private static string Render(DiagnosticLocation location)
    {
        var (path, start, end) = (Literal(location.Span.Path), location.Span.StartLinePosition, location.Span.EndLinePosition);
        var from = $"{path}, {start.Line + 1}, {start.Character + 1}";
        return location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey) ? $".WithLocation({start.Line})"
            : location.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength) ? $".WithLocation({from})"
            : $".WithSpan({from}, {end.Line + 1}, {end.Character + 1})";
    }

    private static string Literal(string text) => CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
