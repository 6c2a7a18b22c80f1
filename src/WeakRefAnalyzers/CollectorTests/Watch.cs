using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.CollectorTests;

/// <summary>
/// Whether code runs a collection and then looks at one certain weak reference, or waits for one certain callback: that object is made to
/// be lost. Judged by names within a type and its file; what goes through a list or a helper is followed to where it is looked at.
/// </summary>
internal sealed class Watch
{
    private const int Hops = 2;

    private readonly SyntaxNode _made;
    private readonly SemanticModel _model;
    private readonly SyntaxNode _scope;
    private readonly KnownFacts _known;
    private readonly List<InvocationExpressionSyntax> _collections;

    private Watch(IOperation made, KnownFacts known)
    {
        _known = known;
        _made = made.Syntax;
        _model = made.SemanticModel!;
        _scope = _made.Ancestors().LastOrDefault(static node => node is TypeDeclarationSyntax) ?? _made.SyntaxTree.GetRoot();
        var inFile = known.Of(_made.SyntaxTree, tree => new Collections(CollectionsIn(tree, known)));
        _collections = [.. inFile.Calls.Where(call => _scope.Span.Contains(call.Span))];
    }

    /// <summary>The reference, handle, table entry or registration that is made here.</summary>
    public static bool IsOn(WeakTarget target, KnownFacts known)
    {
        var watch = new Watch(target.Operation, known);
        return watch._collections.Count > 0 && (target switch
        {
            { Kind: WeakTargetKind.Registration, Holder.Syntax: ExpressionSyntax registry } =>
                watch.Waits(registry) || (watch.CallbackOf(Name(registry)) is { } callback && watch.IsAwaited(callback)),
            { Holder.Syntax: ExpressionSyntax holder } => watch.IsAsked(Name(holder), holder),
            _ => watch.IsAsked(watch._made, Hops),
        });
    }

    /// <summary>What the callback of this registry leaves behind, in the member that makes it.</summary>
    public static bool IsOn(CleanupCallback cleanup, KnownFacts known)
    {
        var watch = new Watch(cleanup.Operation, known);
        return watch._collections.Count > 0
            && cleanup.Callback.Syntax is ExpressionSyntax callback
            && watch.IsAwaited(callback, UnitOf(watch._made));
    }

    /// <summary>Calls of GC.Collect, and of helpers of the file that do nothing else.</summary>
    private static IReadOnlyList<InvocationExpressionSyntax> CollectionsIn(SyntaxTree tree, KnownFacts known)
    {
        var root = tree.GetRoot();
        var calls = Members.Named("Collect", root, known)
            .Select(Syntaxes.CallOf)
            .OfType<InvocationExpressionSyntax>()
            .Where(IsCollect)
            .ToList();
        var helpers = calls.SelectMany(static call => call.Ancestors().Where(OnlyCollects)).Select(NameOfFunction).Distinct().ToList();
        foreach (var helper in helpers)
        {
            calls.AddRange(Members.Named(helper!, root, known)
                .Select(Syntaxes.CallOf)
                .OfType<InvocationExpressionSyntax>()
                .Where(static call => !IsCollect(call) && !OnlyCollects(UnitOf(call))));
        }

        return calls;
    }

    private static bool IsCollect(SyntaxNode node) => node is InvocationExpressionSyntax call && CollectionSite.IsCollect(call);

    /// <summary>Follows the value to the variables it gets into.</summary>
    private bool IsAsked(SyntaxNode value, int hops)
    {
        for (var node = value; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                    return IsAsked(variable.Identifier.ValueText, variable);
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property }:
                    return IsAsked(property.Identifier.ValueText, property);
                case AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment:
                    return IsAsked(Name(assignment.Left), assignment);
                case AssignmentExpressionSyntax member when IsAsked(Name(member.Left), member):
                    return true;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } }
                    when node != receiver && IsAsked(Name(receiver), receiver):
                    return true;
                case InvocationExpressionSyntax call when AsksItsParameter(Syntaxes.NameOf(call.Expression)):
                    return true;
                case ReturnStatementSyntax or YieldStatementSyntax or ArrowExpressionClauseSyntax:
                    var function = parent.FirstAncestorOrSelf<SyntaxNode>(static outer =>
                        outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax)!;
                    if (function is not AnonymousFunctionExpressionSyntax)
                    {
                        return hops > 0 && NameOfFunction(function) is { } name && Uses(name).Any(use => IsAsked(use, hops - 1));
                    }

                    parent = function;
                    break;
                case StatementSyntax or MemberDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Whether a function that this value is given to collects and looks at it.</summary>
    private bool AsksItsParameter(string? called) => Functions(_scope).Any(function => NameOfFunction(function) == called
        && function.ChildNodes().OfType<ParameterListSyntax>().SelectMany(static list => list.Parameters)
            .Any(parameter => Uses(parameter.Identifier.ValueText)
                .Any(use => function.Span.Contains(use.Span) && IsBehindCollection(use))));

    /// <summary>The variable of that name, as the place names it: a local is asked in its own member, a field in all of the type.</summary>
    private bool IsAsked(string? name, SyntaxNode place, SyntaxNode? within = null)
    {
        var unit = UnitOf(place);
        within ??= name is not null && unit is not FieldDeclarationSyntax && unit.DescendantNodes().Any(node => Declares(node, name))
            ? unit
            : _scope;
        return name is not null
            && Uses(name).Any(use => within.Span.Contains(use.Span) && IsBehindCollection(use) && !IsWritten(use) && !IsDereferenced(use));
    }

    private static bool Declares(SyntaxNode node, string name) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText == name,
        ParameterSyntax parameter => parameter.Identifier.ValueText == name,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText == name,
        ForEachStatementSyntax loop => loop.Identifier.ValueText == name,
        _ => false,
    };

    private IEnumerable<IdentifierNameSyntax> Uses(string name) => Members.Named(name, _scope, _known);

    /// <summary>A collection stands before it in the same member, behind what is made there, or in a loop around both.</summary>
    private bool IsBehindCollection(SyntaxNode use)
    {
        var unit = UnitOf(use);
        foreach (var collection in _collections)
        {
            if (UnitOf(collection) == unit
                && (use.SpanStart > collection.Span.End || IsLoopedWith(use, collection))
                && (!unit.Span.Contains(_made.Span) || collection.SpanStart > _made.SpanStart || IsLoopedWith(_made, collection)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLoopedWith(SyntaxNode node, SyntaxNode collection) =>
        node.Ancestors().Any(loop => IsLoop(loop) && loop.Span.Contains(collection.Span));

    /// <summary>After a collection the member that registers runs what is due, or gives the callback time.</summary>
    private bool Waits(ExpressionSyntax registry)
    {
        var unit = UnitOf(registry);
        return unit.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Any(call => IsBehindCollection(call) && (Syntaxes.NameOf(call.Expression) switch
            {
                "CleanupSome" => call.Expression is MemberAccessExpressionSyntax access && Name(access.Expression) == Name(registry),
                "Sleep" or "Delay" or "SpinUntil" or "Wait" or "WaitOne" or "ReadLine" or "ReadKey" => true,
                _ => false,
            }));
    }

    private bool IsAwaited(ExpressionSyntax callback, SyntaxNode? within = null)
    {
        var function = Syntaxes.Strip(callback) as AnonymousFunctionExpressionSyntax
            ?? Functions(_scope).FirstOrDefault(named => NameOfFunction(named) == Syntaxes.NameOf(callback));
        return function?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => IsAsked(name.Identifier.ValueText, name, within)
            && _model.GetSymbolInfo(name).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol { IsConst: false }
                or IPropertySymbol { DeclaringSyntaxReferences.IsEmpty: false }) == true;
    }

    private ExpressionSyntax? CallbackOf(string? registry)
    {
        foreach (var node in _scope.DescendantNodes())
        {
            var value = node switch
            {
                VariableDeclaratorSyntax { Initializer: { } initializer } variable when variable.Identifier.ValueText == registry =>
                    initializer.Value,
                PropertyDeclarationSyntax { Initializer: { } initializer } property when property.Identifier.ValueText == registry =>
                    initializer.Value,
                AssignmentExpressionSyntax assignment when Name(assignment.Left) == registry => assignment.Right,
                _ => null,
            };
            if (value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments })
            {
                return arguments[0].Expression;
            }
        }

        return null;
    }

    private static IEnumerable<SyntaxNode> Functions(SyntaxNode scope) =>
        scope.DescendantNodes().Where(static node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax);

    private static string? NameOfFunction(SyntaxNode function) => function switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax local => local.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };

    /// <summary>A helper that collects, waits, and does nothing else.</summary>
    private static bool OnlyCollects(SyntaxNode function)
    {
        if (function is not (MethodDeclarationSyntax or LocalFunctionStatementSyntax))
        {
            return false;
        }

        var calls = function.DescendantNodes().OfType<InvocationExpressionSyntax>().ToList();
        return calls.Exists(IsCollect) && calls.TrueForAll(static call =>
            call.Expression is MemberAccessExpressionSyntax access
                && Syntaxes.NameOf(access.Expression) is "GC" or "Thread" or "Task" or "Volatile");
    }

    private static SyntaxNode UnitOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<SyntaxNode>(static outer => outer is MemberDeclarationSyntax and not GlobalStatementSyntax)
            ?? node.SyntaxTree.GetRoot();

    private static bool IsLoop(SyntaxNode node)
        => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or ForEachStatementSyntax;

    private static bool IsWritten(IdentifierNameSyntax use) =>
        Access(use).Parent is AssignmentExpressionSyntax assignment && assignment.Left.Span.Contains(use.Span);

    /// <summary>Who goes on to a member of the target does not expect it to be dead.</summary>
    private static bool IsDereferenced(IdentifierNameSyntax use)
    {
        if (Access(use).Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" or "Deref" } read)
        {
            return false;
        }

        SyntaxNode value = read.Parent is InvocationExpressionSyntax call ? call : read;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax
            or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression })
        {
            value = value.Parent;
        }

        return value.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax;
    }

    private static SyntaxNode Access(IdentifierNameSyntax use)
        => use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use;

    private static string? Name(ExpressionSyntax? expression)
        => expression is ElementAccessExpressionSyntax element ? Name(element.Expression) : Syntaxes.NameOf(expression);

    /// <summary>The collections of a file.</summary>
    private sealed class Collections(IReadOnlyList<InvocationExpressionSyntax> calls)
    {
        public IReadOnlyList<InvocationExpressionSyntax> Calls => calls;
    }
}
