using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>In what order an object is made, and what may end that half-way: initializers, the base constructor, the body.</summary>
internal sealed class Construction(Compilation compilation, KnownFacts known, CancellationToken cancel)
{
    private const int MaxCalls = 2;

    /// <summary>What may throw before the field is set; null where nothing does, or where a constructor takes care of it.</summary>
    public SyntaxNode? ThrowerBefore(ISymbol field)
    {
        var declarator = field.DeclaringSyntaxReferences[0].GetSyntax(cancel);
        if (declarator is not (VariableDeclaratorSyntax or PropertyDeclarationSyntax))
        {
            return null;
        }

        var initialized = Members.InitializerOf(field) is not null;
        if (ThrowingInitializer(field, initialized ? declarator : null) is { } initializer && (initialized || IsSetIn(field)))
        {
            return initializer;
        }

        return initialized ? null : field.ContainingType.InstanceConstructors.Select(constructor => ThrowerIn(constructor, field))
            .FirstOrDefault(static thrower => thrower is not null);
    }

    private bool IsSetIn(ISymbol field) => Members.UsesOf(field, known).Any(static use =>
        Members.AssignmentTo(use)?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax);

    /// <summary>The initializers run in the order of the text, all of them before any constructor.</summary>
    private SyntaxNode? ThrowingInitializer(ISymbol field, SyntaxNode? before)
    {
        foreach (var part in field.ContainingType.DeclaringSyntaxReferences)
        {
            if (part.GetSyntax(cancel) is not TypeDeclarationSyntax type || (before is not null && !type.Span.Contains(before.Span)))
            {
                continue;
            }

            foreach (var member in type.Members)
            {
                if (before is not null && member.SpanStart >= before.SpanStart)
                {
                    break;
                }

                if (member.Modifiers.Any(SyntaxKind.StaticKeyword))
                {
                    continue;
                }

                var values = member switch
                {
                    FieldDeclarationSyntax fields => fields.Declaration.Variables.Select(static variable => variable.Initializer),
                    PropertyDeclarationSyntax property => [property.Initializer],
                    _ => [],
                };
                foreach (var value in values)
                {
                    // Nothing else is worth binding.
                    if (value?.Value is { } expression && expression.DescendantNodesAndSelf().Any(static node =>
                            node is ThrowExpressionSyntax or InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax)
                        && Operations.Of(compilation, value, cancel) is { } operation
                        && operation.Descendants().FirstOrDefault(part => IsThrower(part, 0)) is { } thrower)
                    {
                        return thrower.Syntax;
                    }
                }
            }
        }

        return null;
    }

    private SyntaxNode? ThrowerIn(IMethodSymbol constructor, ISymbol field)
    {
        if (constructor.DeclaringSyntaxReferences.IsEmpty
            || constructor.DeclaringSyntaxReferences[0].GetSyntax(cancel) is not ConstructorDeclarationSyntax syntax
            || syntax.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer)
            || Members.Named("SuppressFinalize", syntax, known).Any()
            || Operations.Of(compilation, syntax, cancel) is not IConstructorBodyOperation body)
        {
            return null;
        }

        var set = body.Descendants().FirstOrDefault(part => part is ISimpleAssignmentOperation
        {
            Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } target,
        } && SymbolEqualityComparer.Default.Equals(target.Member, field));
        if (set is null)
        {
            return null;
        }

        foreach (var part in body.Descendants())
        {
            if (part.Syntax.SpanStart < set.Syntax.Span.End && part.Syntax != set.Syntax && IsThrower(part, 0)
                && !Operations.IsFunction(Operations.FunctionOf(part)))
            {
                return part.Syntax;
            }
        }

        return null;
    }

    private bool IsThrower(IOperation operation, int calls) => operation switch
    {
        IThrowOperation { Exception: not null } => !IsTaken(operation),
        IInvocationOperation { TargetMethod: { Name: var name } method } invocation =>
            (name.StartsWith("ThrowIf", StringComparison.Ordinal) && method.DeclaringSyntaxReferences.IsEmpty
                || (name.StartsWith("Open", StringComparison.Ordinal)
                    && method.ContainingType is { Name: "File", ContainingNamespace.Name: "IO" })
                || Throws(method, invocation.Arguments, calls))
            && !IsTaken(operation),
        IObjectCreationOperation { Constructor: { } constructor, Arguments: var arguments } =>
            (constructor.ContainingType.Name is "FileStream" or "StreamReader" && arguments.Any(static argument =>
                    argument.Value.Type?.SpecialType == SpecialType.System_String)
                || (constructor.ContainingType is { Name: "TcpClient", ContainingNamespace.Name: "Sockets" } && arguments.Length > 0)
                || Throws(constructor, arguments, calls))
            && !IsTaken(operation),
        _ => false,
    };

    private static bool IsTaken(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ICatchClauseOperation || Operations.IsFunction(parent))
            {
                return true;
            }
        }

        return Handlers.Swallow(operation);
    }

    /// <summary>
    /// Whether a method of source throws: by itself, or for an argument that its caller was given in turn. A constant does not
    /// come to be a wrong one.
    /// </summary>
    private bool Throws(IMethodSymbol method, IReadOnlyList<IArgumentOperation> arguments, int calls)
    {
        if (calls >= MaxCalls || method.DeclaringSyntaxReferences.IsEmpty || method.MethodKind == MethodKind.LocalFunction
            || method.IsVirtual || method.IsAbstract || method.IsOverride
            || method.DeclaringSyntaxReferences[0].GetSyntax(cancel) is not BaseMethodDeclarationSyntax syntax
            || !syntax.DescendantNodes().Any(static node => node is ThrowStatementSyntax or ThrowExpressionSyntax
                || (node is SimpleNameSyntax name && name.Identifier.ValueText.StartsWith("ThrowIf", StringComparison.Ordinal)))
            || Operations.Of(compilation, syntax, cancel) is not { } body)
        {
            return false;
        }

        foreach (var part in body.Descendants())
        {
            if (IsThrower(part, calls + 1))
            {
                var asked = part is IThrowOperation ? Conditions.Of(part, body) : [part];
                var parameters = asked.SelectMany(static condition => condition.DescendantsAndSelf())
                    .OfType<IParameterReferenceOperation>().Select(static reference => reference.Parameter.Ordinal).ToList();
                if (parameters.Count == 0 ? part is IThrowOperation : arguments.Any(argument =>
                    argument.Parameter is { } parameter && parameters.Contains(parameter.Ordinal)
                    && argument.Value.DescendantsAndSelf().Any(static value =>
                        value is IParameterReferenceOperation or IInvocationOperation)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
