using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>What a whole body says apart from the order of its blocks; each is found at the first question, and once.</summary>
internal sealed class BodyFacts
{
    private readonly IOperation _root;
    private readonly WeakReadFlow _flow;
    private readonly Dictionary<SyntaxNode, HashSet<string>> _tested = [];
    private Dictionary<ISymbol, int>? _writes;
    private Dictionary<ISymbol, List<(bool OfNewObject, ISymbol? Target, SyntaxNode Where)>>? _made;
    private Dictionary<string, bool>? _asked;
    private List<IdentifierNameSyntax>? _names;
    private List<IdentifierNameSyntax>? _assigned;
    private Dictionary<string, List<IdentifierNameSyntax>>? _namesByText;

    public BodyFacts(IOperation root, WeakReadFlow flow)
    {
        _root = root;
        _flow = flow;
        Effort = new Effort(() => root.Descendants().Count());
        Numbers = new Numbers(Effort);
    }

    public Effort Effort { get; }

    public Numbers Numbers { get; }

    public NullAnswers Answers { get; } = new();

    /// <summary>The lambdas whose answer counts where they stand, with what was known there and how they ended.</summary>
    public Dictionary<IFlowAnonymousFunctionOperation, (FlowState Start, Outcome Outcome)> Walked { get; } = [];

    public SemanticModel? Model => _root.SemanticModel;

    public bool IsReassigned(ISymbol variable) =>
        Writes().TryGetValue(variable, out var count) && count > (variable is IParameterSymbol ? 0 : 1);

    /// <summary>More than one condition names it, or one does and it is assigned.</summary>
    public bool IsAskedTwice(ISymbol variable)
    {
        if (_asked is null)
        {
            _asked = new Dictionary<string, bool>(StringComparer.Ordinal);
            foreach (var name in Names())
            {
                if (Callees.IsAsked(name))
                {
                    _asked[name.Identifier.ValueText] = _asked.ContainsKey(name.Identifier.ValueText);
                }
            }
        }

        return _asked.TryGetValue(variable.Name, out var twice) && twice;
    }

    /// <summary>What is known at this point of the variables that stand in the code; looks at the fewer of the two.</summary>
    public IEnumerable<KeyValuePair<int, Value>> KnownIn(SyntaxNode code, FlowState state)
    {
        var names = Names();
        var (from, to) = (FirstFrom(names, code.SpanStart), FirstFrom(names, code.Span.End));
        var known = state.Entries(to - from + 1);
        Effort.Spend(known.Count);
        if (known.Count <= to - from)
        {
            foreach (var entry in known)
            {
                if (Numbers.Variable(entry.Key) is ISymbol variable && Named(variable.Name) is var uses
                    && FirstFrom(uses, code.SpanStart) is var first && first < uses.Count && uses[first].SpanStart < code.Span.End)
                {
                    yield return entry;
                }
            }

            yield break;
        }

        for (; from < to; from++)
        {
            foreach (var number in Numbers.Named(names[from].Identifier.ValueText))
            {
                if (state.At(number) is var value && !ReferenceEquals(value, Value.Unknown))
                {
                    yield return new KeyValuePair<int, Value>(number, value);
                }
            }
        }
    }

    /// <summary>The variables, by name, that a function of the body tests or assigns.</summary>
    public HashSet<string> TestedIn(SyntaxNode function)
    {
        if (!_tested.TryGetValue(function, out var tested))
        {
            tested = new HashSet<string>(StringComparer.Ordinal);
            foreach (var node in function.DescendantNodes())
            {
                if (node is IdentifierNameSyntax name && Callees.IsTestedOrAssigned(name))
                {
                    tested.Add(name.Identifier.ValueText);
                }
            }

            _tested.Add(function, tested);
        }

        return tested;
    }

    /// <summary>
    /// The lambda is kept to run later, and what is around it tests the variable: it may run only where the test went well.
    /// </summary>
    public bool MayBeTestedBefore(SyntaxNode lambda, ISymbol variable, Origin read)
    {
        var value = lambda;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            value = value.Parent;
        }

        return value.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax
            or ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax }
            && ((read.IsTry && read.Syntax.Parent is not ExpressionStatementSyntax)
                || Named(variable.Name).Exists(name => !lambda.Span.Contains(name.Span) && Callees.IsTestedOrAssigned(name)));
    }

    /// <summary>
    /// The target is rooted beyond the read: by a variable of this body used later, by <c>this</c>, or by a field of the same
    /// object.
    /// </summary>
    public bool StillHolds(Origin read, SyntaxNode where)
    {
        if ((read.Guard?.Holder is { } strong && IsUsedAfter(strong, where)) || IsKeptByCapture(read))
        {
            return true;
        }

        if (read.Reference?.Segment is not ISymbol reference || read.Guard?.IsOrMade == true)
        {
            return false;
        }

        foreach (var (ofNewObject, target, made) in Made().TryGetValue(reference, out var all) ? all : [])
        {
            if (ofNewObject && read.Reference.Parent is not { Parent: null, Segment: ILocalSymbol })
            {
                continue; // That of another object.
            }

            // By the caller, by `this`, or by what the same function does with it later; a lambda that runs later holds nothing.
            if (made.SpanStart < where.Span.End && Syntaxes.FunctionOf(made) == Syntaxes.FunctionOf(where)
                && (target is null or IFieldSymbol or IParameterSymbol || IsUsedAfter(target, where)))
            {
                return true;
            }
        }

        return (reference is IFieldSymbol { IsStatic: false } field && _flow.IsMadeFromOwnField(field))
            || BackReferences.IsToThis(read, _flow.Known) || OwnHandlers.Hold(read, where, _flow.Known);
    }

    /// <summary>A lambda puts what it made into a variable of this body, which GC.KeepAlive keeps until the target has been read.</summary>
    private bool IsKeptByCapture(Origin read) => Named("KeepAlive").Exists(name => name.SpanStart > read.Syntax.SpanStart
        && Syntaxes.CallOf(name) is { ArgumentList.Arguments: { Count: 1 } kept }
        && kept[0].Expression is IdentifierNameSyntax { Identifier.ValueText: var variable }
        && Named(variable).Exists(static use => IsAssigned(use)
            && use.Ancestors().Any(static node => node is AnonymousFunctionExpressionSyntax)));

    /// <summary>The author reckons with null here, if not gracefully.</summary>
    public static bool IsCaught(SyntaxNode where) => where.Ancestors().OfType<TryStatementSyntax>().Any(attempt =>
        attempt.Block.Span.Contains(where.Span) && attempt.Catches.Any(handler => TakesNull(handler, attempt.Block)));

    /// <summary>The handler is for null, or takes whatever goes wrong in this one statement.</summary>
    private static bool TakesNull(CatchClauseSyntax handler, BlockSyntax block) => handler.Declaration?.Type.ToString() is var type
        && (type?.EndsWith("NullReferenceException", StringComparison.Ordinal) == true
            || (block.Statements.Count == 1 && block.Statements[0] is ExpressionStatementSyntax or ReturnStatementSyntax
                && handler.Filter is null && type is null or "Exception" or "System.Exception"
                && !handler.Block.DescendantNodes().Any(static node => node is ThrowStatementSyntax or ThrowExpressionSyntax)));

    /// <summary>Read again behind this place, or around the loop that holds it.</summary>
    private bool IsUsedAfter(ISymbol variable, SyntaxNode where)
    {
        var loop = where.AncestorsAndSelf().LastOrDefault(static node =>
            node is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax);
        var declaration = variable.DeclaringSyntaxReferences.FirstOrDefault()?.Span.Start ?? 0;
        var from = loop is not null && declaration < loop.SpanStart ? loop.SpanStart : where.Span.End;
        return Named(variable.Name).Exists(name => name.SpanStart >= from && !IsAssigned(name) && !where.Span.Contains(name.Span));
    }

    private static bool IsAssigned(IdentifierNameSyntax name) =>
        name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name;

    /// <summary>All names of the body, in the order of the text.</summary>
    private List<IdentifierNameSyntax> Names()
    {
        if (_names is null)
        {
            _names = [];
            _names.AddRange(_root.Syntax.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>());
            Effort.Spend(_names.Count);
        }

        return _names;
    }

    private List<IdentifierNameSyntax> Named(string text)
    {
        if (_namesByText is null)
        {
            _namesByText = new Dictionary<string, List<IdentifierNameSyntax>>(StringComparer.Ordinal);
            foreach (var name in Names())
            {
                if (!_namesByText.TryGetValue(name.Identifier.ValueText, out var same))
                {
                    _namesByText.Add(name.Identifier.ValueText, same = []);
                }

                same.Add(name);
            }
        }

        return _namesByText.TryGetValue(text, out var names) ? names : [];
    }

    /// <summary>Some variable or member of <c>this</c> gets a value in that part of the body.</summary>
    public bool IsAnyAssignedIn(TextSpan span)
    {
        _assigned ??= Names().FindAll(Callees.IsAssigned);
        return FirstFrom(_assigned, span.Start) is var first && first < _assigned.Count && _assigned[first].SpanStart < span.End;
    }

    /// <summary>Where the name stands in that part of the body, in the order of the text.</summary>
    public IEnumerable<IdentifierNameSyntax> Named(string text, TextSpan span)
    {
        var names = Named(text);
        for (var i = FirstFrom(names, span.Start); i < names.Count && names[i].SpanStart < span.End; i++)
        {
            yield return names[i];
        }
    }

    private static int FirstFrom(List<IdentifierNameSyntax> names, int position) =>
        Sorted.FirstFrom(names, position, static name => name.SpanStart);

    private Dictionary<ISymbol, int> Writes()
    {
        if (_writes is null)
        {
            _writes = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
            foreach (var operation in _root.Descendants())
            {
                var target = operation switch
                {
                    IAssignmentOperation assignment => assignment.Target,
                    IIncrementOrDecrementOperation increment => increment.Target,
                    IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => argument.Value,
                    _ => null,
                };
                ISymbol? written = target switch
                {
                    ILocalReferenceOperation local => local.Local,
                    IParameterReferenceOperation parameter => parameter.Parameter,
                    IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } => declared.Local,
                    _ => operation is IVariableDeclaratorOperation { Initializer: not null } declarator ? declarator.Symbol : null,
                };
                if (written is not null)
                {
                    _writes.TryGetValue(written, out var count);
                    _writes[written] = count + 1;
                }
            }
        }

        return _writes;
    }

    /// <summary>
    /// The weak references this body makes, by what holds them, with the variable or field whose object they hold (null:
    /// <c>this</c>).
    /// </summary>
    private Dictionary<ISymbol, List<(bool OfNewObject, ISymbol? Target, SyntaxNode Where)>> Made()
    {
        if (_made is null)
        {
            _made = new Dictionary<ISymbol, List<(bool, ISymbol?, SyntaxNode)>>(SymbolEqualityComparer.Default);
            foreach (var operation in _root.Descendants())
            {
                var made = operation switch
                {
                    IObjectCreationOperation creation => _flow.Roles.TargetOf(creation),
                    IInvocationOperation invocation => _flow.Roles.TargetOf(invocation),
                    IPropertyReferenceOperation property => _flow.Roles.TargetOf(property),
                    _ => null,
                };
                if (made is { } target && (target.Holder ?? AssignedTo(target.Operation)) is var place && SymbolOf(place) is { } holder)
                {
                    var value = Operations.Inner(target.Value);
                    var symbol = SymbolOf(value);
                    if (symbol is null && value is not IInstanceReferenceOperation)
                    {
                        continue;
                    }

                    if (!_made.TryGetValue(holder, out var all))
                    {
                        _made.Add(holder, all = []);
                    }

                    var ofNewObject = place is IMemberReferenceOperation { Instance: IInstanceReferenceOperation instance }
                        && instance.ReferenceKind == InstanceReferenceKind.ImplicitReceiver;
                    all.Add((ofNewObject, symbol, target.Operation.Syntax));
                }
            }
        }

        return _made;
    }

    private static IOperation? AssignedTo(IOperation creation)
    {
        var parent = creation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator,
            _ => null,
        };
    }

    private static ISymbol? SymbolOf(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IVariableDeclaratorOperation declarator => declarator.Symbol,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    /// <summary>Somewhere in its type the reference is made from <c>this</c> or from a strong field of the same object.</summary>
    public static bool IsMadeFromOwnField(IFieldSymbol reference)
    {
        foreach (var part in reference.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var node in part.GetSyntax().DescendantNodes())
            {
                if (node is AssignmentExpressionSyntax { Right: ObjectCreationExpressionSyntax creation } assignment
                    && creation.ArgumentList?.Arguments is { Count: > 0 } arguments
                    && NameOf(assignment.Left) == reference.Name && IsOwn(arguments[0].Expression, reference))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsOwn(ExpressionSyntax target, IFieldSymbol reference)
    {
        if (target is ThisExpressionSyntax)
        {
            return true;
        }

        return NameOf(target) is { } name
            && reference.ContainingType.GetMembers(name).Any(static member => member is IFieldSymbol)
            && target.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>()?.ParameterList.Parameters.Any(parameter =>
                parameter.Identifier.ValueText == name) != true;
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
