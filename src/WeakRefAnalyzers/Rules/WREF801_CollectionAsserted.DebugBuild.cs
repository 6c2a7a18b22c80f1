using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>What of a file stands in <c>#if !DEBUG</c>: the author knows what Debug builds do.</summary>
internal sealed class DebugBuild
{
    /// <summary>From where on code is left out, or no longer.</summary>
    private readonly List<(int Start, bool IsLeftOut)> _turns = [];

    private DebugBuild(SyntaxTree tree)
    {
        var open = new Stack<string>();
        var root = (CSharpSyntaxNode)tree.GetRoot();
        for (var directive = root.ContainsDirectives ? root.GetFirstDirective() : null; directive is not null;
            directive = directive.GetNextDirective())
        {
            switch (directive)
            {
                case IfDirectiveTriviaSyntax @if:
                    open.Push(@if.Condition.ToString());
                    break;
                case ElifDirectiveTriviaSyntax elif when open.Count > 0:
                    open.Pop();
                    open.Push(elif.Condition.ToString());
                    break;
                case ElseDirectiveTriviaSyntax when open.Count > 0:
                    open.Push("!" + open.Pop());
                    break;
                case EndIfDirectiveTriviaSyntax when open.Count > 0:
                    open.Pop();
                    break;
                default:
                    continue;
            }

            _turns.Add((directive.SpanStart, open.Any(static condition => condition is "!DEBUG" or "RELEASE")));
        }
    }

    public static bool LeavesOut(SyntaxNode code, KnownFacts known)
    {
        var turns = known.Of<SyntaxTree, DebugBuild>(code.SyntaxTree, static tree => new DebugBuild(tree))._turns;
        var next = Sorted.FirstFrom(turns, code.SpanStart, static turn => turn.Start);
        return next > 0 && turns[next - 1].IsLeftOut;
    }
}
