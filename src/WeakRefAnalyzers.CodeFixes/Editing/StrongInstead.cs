using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Makes a variable hold an object instead of a weak reference to it. Right where the weak reference does nothing, since its target lives
/// as long anyway or has no identity, and where all that is done with it is to make it and to read it.
/// </summary>
internal sealed class StrongInstead
{
    private readonly FixSite _site;
    private readonly ISymbol _variable;
    private readonly List<(ExpressionSyntax Creation, ExpressionSyntax Target)> _creations = [];
    private readonly List<ExpressionSyntax> _reads = [];

    private StrongInstead(FixSite site, ISymbol variable)
    {
        _site = site;
        _variable = variable;
    }

    /// <summary>The edit, where the compiler takes the result.</summary>
    public static FixEdit? Of(FixSite site)
    {
        var creation = site.Node.AncestorsAndSelf().OfType<BaseObjectCreationExpressionSyntax>().FirstOrDefault(made => made != site.Node
            && IsWeak(site, made));
        var declarator = creation?.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax initialized } ? initialized : null;
        var variable = declarator is not null ? site.Model.GetDeclaredSymbol(declarator, site.Cancel)
            : creation?.Parent is AssignmentExpressionSyntax { Left: { } left } ? site.Model.GetSymbolInfo(left, site.Cancel).Symbol : null;
        if (variable is not (ILocalSymbol or IFieldSymbol { DeclaredAccessibility: Accessibility.Private })
            || variable.DeclaringSyntaxReferences is not { Length: 1 } references || references[0].SyntaxTree != site.Root.SyntaxTree
            || references[0].GetSyntax(site.Cancel)
                is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } declared
            || ScopeOf(variable, declared) is not { } scope)
        {
            return null;
        }

        var found = new StrongInstead(site, variable);
        return found.SeesAll(scope, declared) && found.TypeOf() is { } type && found.Change(declaration, scope, type) is { } edit
            && Compiled.IsRight(site, edit) ? edit : null;
    }

    /// <summary>A read of a weak reference, and what takes its place where the object itself is held; null where nothing can.</summary>
    /// <param name="site">The report.</param>
    /// <param name="read">The read, from the variable's name on.</param>
    /// <param name="strong">The name of what holds the object.</param>
    /// <param name="type">The type of what is held.</param>
    public static (ExpressionSyntax Old, ExpressionSyntax New)? Read(FixSite site, ExpressionSyntax read, ExpressionSyntax strong,
        ITypeSymbol type)
    {
        switch (read)
        {
            case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "IsAlive" } when type.IsReferenceType:
            case InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } discarded } when type.IsReferenceType
                && discarded[0].Expression is IdentifierNameSyntax { Identifier.ValueText: "_" }:
                return (read, Grouped(SyntaxFactory.ParseExpression(strong + " != null"), read));
            case InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } when type.IsReferenceType
                && site.Language.HasPatterns
                && arguments[0].Expression is DeclarationExpressionSyntax { Type: var declared,
                    Designation: SingleVariableDesignationSyntax name }:
                var pattern = declared.IsVar && site.Language.HasPropertyPatterns ? "{ }" : declared.IsVar
                    ? type.ToMinimalDisplayString(site.Model, read.SpanStart) : (declared is NullableTypeSyntax nullable
                    ? nullable.ElementType : declared).ToString();
                return read.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } negation
                    && site.Language.HasNotPatterns
                    ? (negation, Grouped(SyntaxFactory.ParseExpression($"{strong} is not {pattern} {name}"), negation))
                    : (read, Grouped(SyntaxFactory.ParseExpression($"{strong} is {pattern} {name}"), read));
            case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" }
                or InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 }:
                var whole = read;
                while (whole.Parent is ExpressionSyntax outer && IsUnneeded(site, outer, type))
                {
                    whole = outer;
                }

                return (whole, strong.WithTriviaFrom(whole));
            default:
                return null;
        }
    }

    public static bool IsRead(ExpressionSyntax expression) =>
        expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" or "IsAlive" }
        or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Deref" or "TryGetTarget" } };

    /// <summary>A use as a read: the member access or the call that hangs on it.</summary>
    public static ExpressionSyntax? ReadFrom(ExpressionSyntax use)
    {
        var access = use.Parent as MemberAccessExpressionSyntax;
        var read = access?.Expression != use ? null : access.Parent is InvocationExpressionSyntax call
            && call.Expression == access ? call : (ExpressionSyntax)access;
        return read is not null && IsRead(read) && !(read.Parent is AssignmentExpressionSyntax assignment
            && assignment.Left == read) ? read : null;
    }

    private static bool IsWeak(FixSite site, BaseObjectCreationExpressionSyntax made) =>
        made is { Initializer: null, ArgumentList.Arguments: { Count: > 0 } arguments }
            && arguments[0].Expression.Span.Contains(site.Node.Span)
        && site.Model.GetTypeInfo(made, site.Cancel).Type is INamedTypeSymbol { Name: "WeakReference" or "WeakRef",
            ContainingNamespace: { Name: "System" or "WeakRefs", ContainingNamespace.IsGlobalNamespace: true } };

    private static SyntaxNode? ScopeOf(ISymbol variable, SyntaxNode declared) => variable is IFieldSymbol
        ? variable.ContainingType.DeclaringSyntaxReferences.Length == 1 ? declared.FirstAncestorOrSelf<TypeDeclarationSyntax>() : null
        : declared.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax)
            ?? declared.SyntaxTree.GetRoot();

    /// <summary>A cast to the type, a <c>!</c>, or parentheses round them.</summary>
    private static bool IsUnneeded(FixSite site, ExpressionSyntax outer, ITypeSymbol type) => outer switch
    {
        CastExpressionSyntax cast => SymbolEqualityComparer.Default.Equals(site.Model.GetTypeInfo(cast.Type, site.Cancel).Type, type),
        PostfixUnaryExpressionSyntax suppression => suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        ParenthesizedExpressionSyntax parenthesized => parenthesized.Expression is CastExpressionSyntax cast
            && IsUnneeded(site, cast, type),
        _ => false,
    };

    private static ExpressionSyntax Grouped(ExpressionSyntax condition, ExpressionSyntax read)
    {
        var isLoose = (read.Parent is ConditionalExpressionSyntax conditional
            && conditional.Condition == read) || read.Parent
            is StatementSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax or ParenthesizedExpressionSyntax or ArgumentSyntax
                or EqualsValueClauseSyntax
                or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression }
                or AssignmentExpressionSyntax;
        return (isLoose ? condition : SyntaxFactory.ParenthesizedExpression(condition)).WithTriviaFrom(read);
    }

    private bool SeesAll(SyntaxNode scope, VariableDeclaratorSyntax declared)
    {
        if (declared.Initializer is { Value: var initial } && !IsCreation(initial))
        {
            return false;
        }

        foreach (var name in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != _variable.Name
                || !SymbolEqualityComparer.Default.Equals(_site.Model.GetSymbolInfo(name, _site.Cancel).Symbol, _variable))
            {
                continue;
            }

            var use = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name;
            if (ReadFrom(use) is { } read)
            {
                _reads.Add(read);
            }
            else if (use.Parent is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression,
                Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } assignment
                || assignment.Left != use || !IsCreation(assignment.Right))
            {
                return false;
            }
        }

        // A field that nobody reads is another question.
        return _reads.Count > 0 || _variable is ILocalSymbol;
    }

    private bool IsCreation(ExpressionSyntax value)
    {
        if (value is not BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: { Count: > 0 } arguments })
        {
            return false;
        }

        _creations.Add((value, arguments[0].Expression));
        return true;
    }

    /// <summary>What the variable becomes: a type argument, or the type of what it was given, if every read is of that type.</summary>
    private ITypeSymbol? TypeOf()
    {
        // The compiler warns of a value that is never read, but not of an object.
        if (_reads.Count == 0)
        {
            return _site.Model.Compilation.ObjectType;
        }

        if (_site.Model.GetTypeInfo(_creations[0].Creation, _site.Cancel).Type
            is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments })
        {
            return arguments[0];
        }

        var types = _creations.Select(made => _site.Model.GetTypeInfo(made.Target, _site.Cancel).Type).ToList();
        var type = types[0];
        return type is not null && types.TrueForAll(other => SymbolEqualityComparer.Default.Equals(other, type))
            && (type.IsReferenceType || _reads.TrueForAll(read => IsValue(read, type)))
            ? type : _site.Model.Compilation.ObjectType;
    }

    /// <summary>The read is cast to the type, or is handed on to be shown.</summary>
    private bool IsValue(ExpressionSyntax read, ITypeSymbol type) =>
        read.Parent is ExpressionSyntax outer && IsUnneeded(_site, outer, type)
        || read.Parent is InterpolationSyntax
        || (read.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
            && _site.Model.GetSymbolInfo(call, _site.Cancel).Symbol is { ContainingType: { Name: "Console",
            ContainingNamespace.Name: "System" } });

    private FixEdit? Change(VariableDeclarationSyntax declaration, SyntaxNode scope, ITypeSymbol type)
    {
        var changes = new List<(ExpressionSyntax Old, ExpressionSyntax New)>();
        foreach (var read in _reads)
        {
            var access = (MemberAccessExpressionSyntax)(read is InvocationExpressionSyntax call ? call.Expression : read);
            if (Read(_site, read, access.Expression.WithoutTrivia(), type) is not { } change)
            {
                return null;
            }

            changes.Add(change);
        }

        changes.AddRange(_creations.Select(static made => (made.Creation, made.Target.WithTriviaFrom(made.Creation))));
        if (_creations.Any(static made => Comments.AreIn(made.Creation.DescendantTrivia().Where(trivia =>
            !made.Target.FullSpan.Contains(trivia.Span) && made.Creation.Span.Contains(trivia.Span)))))
        {
            return null;
        }

        var isNullable = declaration.Type is NullableTypeSyntax;
        return new FixEdit(scope, editor =>
        {
            if (!declaration.Type.IsVar || _reads.Count == 0)
            {
                editor.ReplaceNode(declaration.Type, Parsed.Type(type.WithNullableAnnotation(isNullable
                    ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated)).WithTriviaFrom(declaration.Type));
            }

            foreach (var (old, now) in changes)
            {
                editor.ReplaceNode(old, now);
            }
        })
        {
            Nodes = [declaration, .. changes.Select(static change => change.Old)],
        };
    }
}
