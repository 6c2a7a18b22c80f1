using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// The ways through a tree of operations: into it, to its root, to the function around, and through what changes nothing.
/// </summary>
internal static class Operations
{
    /// <summary>
    /// The operation of a body, accessor or expression of other code than the one under analysis; null where it does not
    /// bind.
    /// </summary>
    /// <remarks>A new semantic model binds its tree again: come here only behind a cheap look at the syntax, once per
    /// declaration.</remarks>
    public static IOperation? Of(Compilation compilation, SyntaxNode node, CancellationToken cancel)
    {
        if (!compilation.ContainsSyntaxTree(node.SyntaxTree))
        {
            return null;
        }

#pragma warning disable RS1030 // The body stands in another declaration, for which no analysis context offers a model.
        return Of(compilation.GetSemanticModel(node.SyntaxTree), node, cancel);
#pragma warning restore RS1030
    }

    /// <summary>
    /// The same by way of a model that there is, if it is of that file. In Visual Basic a declaration is the head alone, and has the code
    /// beside it.
    /// </summary>
    public static IOperation? Of(SemanticModel model, SyntaxNode node, CancellationToken cancel) =>
        node.SyntaxTree != model.SyntaxTree ? Of(model.Compilation, node, cancel)
        : model.GetOperation(node, cancel)
            ?? (node is { Language: LanguageNames.VisualBasic, Parent: { } whole } && whole.SpanStart == node.SpanStart
                ? model.GetOperation(whole, cancel) : null);

    /// <summary>The operation of the whole member, initializer or accessor that holds this one.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>The innermost lambda or local function that the operation is or stands in, or the root of the body.</summary>
    public static IOperation FunctionOf(IOperation operation)
    {
        while (operation.Parent is { } parent && !IsFunction(operation))
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>The next lambda or local function around the operation; null in the member itself.</summary>
    public static IOperation? FunctionAround(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is not null && !IsFunction(parent))
        {
            parent = parent.Parent;
        }

        return parent;
    }

    /// <summary>
    /// A collection expression, which has no operation of its own in the oldest Roslyn; an empty one may be shared, and is none here.
    /// </summary>
    public static bool IsCollection(IOperation value) =>
        value is not (IInvalidOperation or IInvocationOperation or IDelegateCreationOperation)
        && value.Syntax.ToString() is { Length: > 2 } text && text[0] == '[';

    public static bool IsFunction(IOperation operation) => operation is IAnonymousFunctionOperation or ILocalFunctionOperation;

    /// <summary>
    /// The expression without the conversions that keep its identity. A user-defined one makes another object; so does
    /// boxing: tell by the type.
    /// </summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static IOperation? Inner(IOperation? value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized: // Of Visual Basic alone.
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>The same, without what passes an object on as well: an assignment, and what a failed check would throw.</summary>
    public static IOperation? ObjectOf(IOperation? value)
    {
        while (true)
        {
            switch (Inner(value))
            {
                case ISimpleAssignmentOperation assignment:
                    value = assignment.Value;
                    break;
                case ICoalesceOperation { WhenNull: var other } coalesce when Inner(other) is IThrowOperation:
                    value = coalesce.Value;
                    break;
                case var inner:
                    return inner;
            }
        }
    }

    /// <summary>The outermost expression that is the value, converted or not: its parent says what is done with the value.</summary>
    public static IOperation Outer(IOperation value)
    {
        while (value.Parent is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value;
    }

    /// <summary>The local, parameter, field or property that the expression names, whoever's it is.</summary>
    public static ISymbol? SymbolOf(IOperation? value) => Inner(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    /// <summary>The local, or the field of this object or a static one; null for anything else.</summary>
    public static ISymbol? VariableOf(IOperation? value) => Inner(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };

    /// <summary>What stands before the <c>?.</c> that the operation is behind.</summary>
    public static IOperation? ReceiverOf(IConditionalAccessInstanceOperation instance)
    {
        IOperation child = instance;
        for (var parent = child.Parent; parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == child)
            {
                return access.Operation;
            }
        }

        return null;
    }

    /// <summary>Whether the value is <c>base</c>, or <c>MyBase</c>: what is called on it is that very method.</summary>
    public static bool IsBase(IOperation? value) => value is IInstanceReferenceOperation { Syntax: var self }
        && self.ToString() is var text && (text == "base" || text.Equals("MyBase", StringComparison.OrdinalIgnoreCase));

    /// <summary>The declaration of the local that is initialized; in Visual Basic several may share an initializer.</summary>
    public static IVariableDeclaratorOperation? DeclaratorOf(IVariableInitializerOperation initializer) => initializer.Parent switch
    {
        IVariableDeclaratorOperation declarator => declarator,
        IVariableDeclarationOperation { Declarators: { Length: 1 } only } => only[0],
        _ => null,
    };

    public static bool IsThis(IOperation? value) =>
        value is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    /// <summary>The operation that gives the variable that is referred to here another value, if one does.</summary>
    public static IOperation? WriteTo(IOperation reference)
    {
        var target = reference;
        while (target.Parent is ITupleOperation or IDeclarationExpressionOperation)
        {
            target = target.Parent;
        }

        return target.Parent switch
        {
            IAssignmentOperation assignment when assignment.Target == target => assignment,
            IIncrementOrDecrementOperation increment => increment,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument,
            IAddressOfOperation address => address,
            _ => null,
        };
    }

    public static bool Same(ISymbol? left, ISymbol? right) => SymbolEqualityComparer.Default.Equals(left, right);
}
