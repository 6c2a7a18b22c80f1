using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>A place where a variable gets a value.</summary>
/// <param name="Node">The declarator, assignment or out argument.</param>
/// <param name="Value">The value; null for an out argument.</param>
/// <param name="Own">False when a lambda or local function inside the frame writes it.</param>
internal readonly record struct Write(SyntaxNode Node, ExpressionSyntax? Value, bool Own);

/// <summary>
/// What one stack frame runs: the body of a method, accessor, lambda or local function, in the order of the text and
/// without the functions nested in it, which run in frames of their own.
/// </summary>
internal class Frame(SyntaxNode body, SemanticModel model, KnownFacts known, CancellationToken cancel)
{
    private List<SyntaxNode>? _own;

    public SyntaxNode Body { get; } = body;

    public SemanticModel Model { get; } = model;

    public KnownFacts Known { get; } = known;

    public CancellationToken Cancel { get; } = cancel;

    /// <summary>The frame's own nodes that start in the given stretch of text.</summary>
    public IEnumerable<SyntaxNode> Between(int from, int to)
    {
        _own ??= [.. Body.DescendantNodes(inner =>
            inner == Body || (!Syntaxes.IsFunction(inner) && inner is not BaseTypeDeclarationSyntax))];
        for (var i = Sorted.FirstFrom(_own, from + 1, static node => node.SpanStart); i < _own.Count && _own[i].SpanStart < to; i++)
        {
            yield return _own[i];
        }
    }

    /// <summary>Every write of the variable, in the order of the text, those of nested functions included.</summary>
    public List<Write> WritesOf(ISymbol variable)
    {
        var writes = new List<Write>();
        foreach (var declaration in variable.DeclaringSyntaxReferences)
        {
            if (Body.Span.Contains(declaration.Span))
            {
                Add(declaration.GetSyntax(Cancel) is SingleVariableDesignationSyntax { Parent.Parent: ArgumentSyntax given } ? given
                    : declaration.GetSyntax(Cancel));
            }
        }

        foreach (var name in Members.Named(variable.Name, Body, Known))
        {
            if (Syntaxes.Qualified(name).Parent is AssignmentExpressionSyntax or ArgumentSyntax)
            {
                Add(Syntaxes.Qualified(name).Parent!);
            }
        }

        writes.Sort(static (one, other) => one.Node.SpanStart.CompareTo(other.Node.SpanStart));
        return writes;

        void Add(SyntaxNode node)
        {
            var (name, value) = node switch
            {
                VariableDeclaratorSyntax { Initializer: { } initializer } declarator =>
                    (declarator.Identifier.ValueText, initializer.Value),
                AssignmentExpressionSyntax assignment => (Syntaxes.NameOf(assignment.Left), assignment.Right),
                ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword or (int)SyntaxKind.RefKeyword } argument =>
                    (Syntaxes.NameOf(argument.Expression), null),
                _ => default((string?, ExpressionSyntax?)),
            };
            if (name == variable.Name && Operations.Same(Written(node), variable))
            {
                writes.Add(new Write(node, value, Syntaxes.FunctionOf(node) == Body));
            }
        }
    }

    /// <summary>The last write that ends before the node, or whose value the node is part of.</summary>
    public static Write? LastBefore(List<Write> writes, SyntaxNode node) =>
        writes.LastOrDefault(write =>
            write.Node.Span.End <= node.SpanStart || write.Node.Span.Contains(node.Span)) is { Node: not null } found ? found : null;

    /// <summary>Whether the text from there on reads the variable; in a nested function it does so wherever that stands.</summary>
    public bool Reads(ISymbol variable, int from)
    {
        foreach (var name in Members.Named(variable.Name, Body, Known))
        {
            if ((name.SpanStart > from || Syntaxes.FunctionOf(name) != Body)
                && !(name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name)
                && Operations.Same(Model.GetSymbolInfo(name, Cancel).Symbol, variable))
            {
                return true;
            }
        }

        return false;
    }

    private ISymbol? Written(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax => Model.GetDeclaredSymbol(node, Cancel),
        AssignmentExpressionSyntax assignment => Model.GetSymbolInfo(assignment.Left, Cancel).Symbol,
        ArgumentSyntax { Expression: DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } } =>
            Model.GetDeclaredSymbol(designation, Cancel),
        ArgumentSyntax argument => Model.GetSymbolInfo(argument.Expression, Cancel).Symbol,
        _ => null,
    };
}
