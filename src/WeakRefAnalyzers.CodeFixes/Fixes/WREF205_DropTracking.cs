using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Makes a long weak reference a short one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF205_DropTracking() : WeakFix("Track the target only until it is finalized", "WREF205")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var argument = site.Node.FirstAncestorOrSelf<ArgumentSyntax>();
        switch (argument)
        {
            // GCHandleType.WeakTrackResurrection: the argument is required, the short kind replaces it.
            case
            {
                Expression: MemberAccessExpressionSyntax
                {
                    Name: IdentifierNameSyntax { Identifier.ValueText: "WeakTrackResurrection" } name
                }
            }:
                return new FixEdit(argument, editor => editor.ReplaceNode(name, SyntaxFactory.IdentifierName("Weak").WithTriviaFrom(name)));
            case
            {
                Expression: LiteralExpressionSyntax,
                Parent: BaseArgumentListSyntax { Arguments.Count: > 1 } list
            } when !Comments.AreIn(list.DescendantTrivia().Where(trivia =>
                trivia.SpanStart >= argument.GetFirstToken().GetPreviousToken().SpanStart && trivia.SpanStart <= argument.FullSpan.End)):
                return new FixEdit(argument.Parent, editor => editor.RemoveNode(argument));
            default:
                return null;
        }
    }
}
