using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

/// <summary>What a whole body says apart from the order of its blocks; looked at only when there is something to report.</summary>
internal sealed class FlowBody(IOperation root, RoleTable roles)
{
    private Dictionary<ISymbol, int>? _writes;
    private List<(ISymbol Holder, bool OfNewObject, ISymbol? Target, SyntaxNode Where)>? _made;

    public SemanticModel? Model => root.SemanticModel;

    public bool IsReassigned(ISymbol variable) => Writes().TryGetValue(variable, out var count) && count > (variable is IParameterSymbol ? 0 : 1);

    /// <summary>Null is an answer the caller of this method gets anyway.</summary>
    public bool MayReturnNull(SyntaxNode returned)
    {
        foreach (var node in returned.AncestorsAndSelf())
        {
            switch (node)
            {
                case MethodDeclarationSyntax { ReturnType: NullableTypeSyntax } or PropertyDeclarationSyntax { Type: NullableTypeSyntax } or LocalFunctionStatementSyntax { ReturnType: NullableTypeSyntax }:
                    return true;
                case AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "OfType" or "Where" } } } }:
                    return true; // The next step of the pipeline drops nulls.
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or PropertyDeclarationSyntax:
                    return node.DescendantNodes().Any(static inner => inner.IsKind(SyntaxKind.NullLiteralExpression) || inner.IsKind(SyntaxKind.DefaultLiteralExpression) || inner.IsKind(SyntaxKind.DefaultExpression)
                        ? IsResult((ExpressionSyntax)inner) : false);
            }
        }

        return false;
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

        return value.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax or ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax }
            && (Callees.TestsOrAssigns(root.Syntax, variable.Name, lambda) || (read.IsTry && read.Syntax.Parent is not ExpressionStatementSyntax));
    }

    /// <summary>The target is rooted beyond the read: by a variable of this body used later, by <c>this</c>, or by a field of the same object.</summary>
    public bool StillHolds(Origin read, SyntaxNode where)
    {
        if (read.Guard?.Holder is { } strong && IsUsedAfter(strong, where))
        {
            return true;
        }

        if (read.Reference?.Segment is not ISymbol reference)
        {
            return false;
        }

        foreach (var (holder, ofNewObject, target, made) in Made())
        {
            if (ofNewObject && read.Reference.Parent is not { Parent: null, Segment: ILocalSymbol })
            {
                continue; // That of another object.
            }

            // By the caller, by `this`, or by what the same function does with it later; a lambda that runs later holds nothing.
            if (SymbolEqualityComparer.Default.Equals(holder, reference) && made.SpanStart < where.Span.End && Syntaxes.FunctionOf(made) == Syntaxes.FunctionOf(where)
                && (target is null or IFieldSymbol or IParameterSymbol || IsUsedAfter(target, where)))
            {
                return true;
            }
        }

        return reference is IFieldSymbol { IsStatic: false } field && IsMadeFromOwnField(field);
    }

    /// <summary>The author reckons with null here, if not gracefully.</summary>
    public static bool IsCaught(SyntaxNode where) => where.Ancestors().OfType<TryStatementSyntax>().Any(attempt =>
        attempt.Block.Span.Contains(where.Span) && attempt.Catches.Any(static handler => handler.Declaration?.Type.ToString().EndsWith("NullReferenceException", StringComparison.Ordinal) == true));

    /// <summary>Read again behind this place, or around the loop that holds it.</summary>
    private bool IsUsedAfter(ISymbol variable, SyntaxNode where)
    {
        var loop = where.AncestorsAndSelf().LastOrDefault(static node => node is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax);
        var declaration = variable.DeclaringSyntaxReferences.FirstOrDefault()?.Span.Start ?? 0;
        var from = loop is not null && declaration < loop.SpanStart ? loop.SpanStart : where.Span.End;
        return root.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.SpanStart >= from && name.Identifier.ValueText == variable.Name && !IsAssigned(name) && !where.Span.Contains(name.Span));
    }

    private static bool IsAssigned(IdentifierNameSyntax name) => name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name;

    private Dictionary<ISymbol, int> Writes()
    {
        if (_writes is null)
        {
            _writes = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
            foreach (var operation in root.Descendants())
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

    /// <summary>The weak references this body makes, with the variable or field whose object they hold (null: <c>this</c>).</summary>
    private List<(ISymbol Holder, bool OfNewObject, ISymbol? Target, SyntaxNode Where)> Made()
    {
        if (_made is null)
        {
            _made = [];
            foreach (var operation in root.Descendants())
            {
                var made = operation switch
                {
                    IObjectCreationOperation creation => roles.TargetOf(creation),
                    IInvocationOperation invocation => roles.TargetOf(invocation),
                    IPropertyReferenceOperation property => roles.TargetOf(property),
                    _ => null,
                };
                if (made is { } target && (target.Holder ?? AssignedTo(target.Operation)) is var place && SymbolOf(place) is { } holder)
                {
                    var ofNewObject = place is IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } };
                    var value = Operations.Inner(target.Value);
                    if (value is IInstanceReferenceOperation)
                    {
                        _made.Add((holder, ofNewObject, null, target.Operation.Syntax));
                    }
                    else if (SymbolOf(value) is { } symbol)
                    {
                        _made.Add((holder, ofNewObject, symbol, target.Operation.Syntax));
                    }
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
    private static bool IsMadeFromOwnField(IFieldSymbol reference)
    {
        foreach (var part in reference.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var node in part.GetSyntax().DescendantNodes())
            {
                if (node is AssignmentExpressionSyntax { Right: ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } } assignment
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
            && target.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>()?.ParameterList.Parameters.Any(parameter => parameter.Identifier.ValueText == name) != true;
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>A literal that is what the body gives back, or what it falls back to.</summary>
    private static bool IsResult(ExpressionSyntax literal)
    {
        SyntaxNode node = literal;
        while (node.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax || (node.Parent is ConditionalExpressionSyntax conditional && conditional.Condition != node)
            || (node.Parent is BinaryExpressionSyntax coalesce && coalesce.IsKind(SyntaxKind.CoalesceExpression)) || node.Parent is SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax })
        {
            node = node.Parent is SwitchExpressionArmSyntax arm ? arm.Parent! : node.Parent!;
        }

        return node.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax;
    }
}
