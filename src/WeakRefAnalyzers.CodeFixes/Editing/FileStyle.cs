using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Formatting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;

namespace WeakRefAnalyzers.Fixes;

/// <summary>How a file is laid out, so that what a fix adds looks like what stands there: by the first example of each kind.</summary>
internal static class FileStyle
{
    public static OptionSet Of(SyntaxNode root, OptionSet options)
    {
        var text = root.ToFullString();
        options = LineBreak.In(text) is { } end ? options.WithChangedOption(FormattingOptions.NewLine, LanguageNames.CSharp, end) : options;
        if (text.Contains("\n\t"))
        {
            options = options.WithChangedOption(FormattingOptions.UseTabs, LanguageNames.CSharp, true);
        }

        var (types, methods, blocks, calls) = (false, false, false, false);
        foreach (var node in root.DescendantNodes())
        {
            switch (node)
            {
                case TypeDeclarationSyntax { Members: { Count: > 0 } members } type when !types:
                    types = true;
                    options = Below(type.OpenBraceToken) ? options
                        : options.WithChangedOption(CSharpFormattingOptions.NewLinesForBracesInTypes, false);
                    options = ColumnOf(members[0].GetFirstToken()) - ColumnOf(type.GetFirstToken()) is var indent and (2 or 3)
                        ? options.WithChangedOption(FormattingOptions.IndentationSize, LanguageNames.CSharp, indent) : options;
                    break;
                case BaseMethodDeclarationSyntax { Body: { } body } when !methods:
                    methods = true;
                    options = Below(body.OpenBraceToken) ? options
                        : options.WithChangedOption(CSharpFormattingOptions.NewLinesForBracesInMethods, false);
                    break;
                case BlockSyntax { Parent: IfStatementSyntax or ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax
                    or TryStatementSyntax } block when !blocks:
                    blocks = true;
                    options = Below(block.OpenBraceToken) ? options
                        : options.WithChangedOption(CSharpFormattingOptions.NewLinesForBracesInControlBlocks, false);
                    break;
                case InvocationExpressionSyntax { ArgumentList.OpenParenToken: var parenthesis } when !calls:
                    calls = true;
                    options = parenthesis.GetPreviousToken().TrailingTrivia is { Count: 1 } trivia
                        && trivia[0].IsKind(SyntaxKind.WhitespaceTrivia)
                        ? options.WithChangedOption(CSharpFormattingOptions.SpaceAfterMethodCallName, true)
                            .WithChangedOption(CSharpFormattingOptions.SpacingAfterMethodDeclarationName, true) : options;
                    break;
            }
        }

        return options;
    }

    /// <summary>Not on the line of what it belongs to; a body on one line says nothing.</summary>
    private static bool Below(SyntaxToken brace)
    {
        var before = brace.GetPreviousToken();
        return before.RawKind == 0 || LineOf(before) is var line
            && (line != LineOf(brace) || line == LineOf(brace.Parent!.GetLastToken(includeZeroWidth: true)));
    }

    private static int LineOf(SyntaxToken token) => token.SyntaxTree!.GetLineSpan(token.Span).StartLinePosition.Line;

    private static int ColumnOf(SyntaxToken token) => token.SyntaxTree!.GetLineSpan(token.Span).StartLinePosition.Character;
}
