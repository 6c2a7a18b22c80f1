using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>The weak references that a test watches: in a variable, or in a collection of the same frame.</summary>
internal static class Watched
{
    /// <summary>The variable of the reference that is read, or of the collection that it is an element of.</summary>
    public static (ISymbol Variable, bool IsElement)? Of(IOperation? reference, KnownFacts known) => Operations.Inner(reference) switch
    {
        ILocalReferenceOperation local when Values.In(local, known).LoopOf(local.Local) is { Collection: var all } => ElementOf(all),
        IParameterReferenceOperation parameter => ElementOf(SequenceOf(parameter)),
        IArrayElementReferenceOperation element => ElementOf(element.ArrayReference),
        IPropertyReferenceOperation { Property.IsIndexer: true } item => ElementOf(item.Instance),
        var other => Operations.VariableOf(other) is { } variable ? (variable, false) : null,
    };

    /// <summary>What the weak reference that was put there last refers to, and the expression that makes the reference.</summary>
    public static (ExpressionSyntax Made, IOperation Target)? MadeBefore(
        Frame frame,
        (ISymbol Variable, bool IsElement) watched,
        SyntaxNode read,
        RoleTable roles)
    {
        if (!watched.IsElement)
        {
            return Frame.LastBefore(frame.WritesOf(watched.Variable), read) is { Own: true, Value: { } value }
                ? TargetOf(value, frame, roles) : null;
        }

        (ExpressionSyntax, IOperation)? last = null;
        foreach (var node in frame.Between(frame.Body.SpanStart, read.SpanStart))
        {
            var value = node switch
            {
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var list, Name: var name },
                    ArgumentList.Arguments: { Count: > 0 } arguments } when Syntaxes.NameOf(list) == watched.Variable.Name
                        && Vocabulary.IsAdd(name.Identifier.ValueText) => arguments[arguments.Count - 1].Expression,
                AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: var list }, Right: var item }
                    when Syntaxes.NameOf(list) == watched.Variable.Name => item,
                VariableDeclaratorSyntax { Initializer.Value: var initial } variable
                    when variable.Identifier.ValueText == watched.Variable.Name =>
                    initial.DescendantNodes().OfType<InitializerExpressionSyntax>().FirstOrDefault()?.Expressions.LastOrDefault(),
                _ => null,
            };
            last = value is not null && TargetOf(Origin(value, frame), frame, roles) is { } found ? found : last;
        }

        return last;
    }

    /// <summary>A local that was made for the collection.</summary>
    private static ExpressionSyntax Origin(ExpressionSyntax value, Frame frame) =>
        value is IdentifierNameSyntax && frame.Model.GetSymbolInfo(value, frame.Cancel).Symbol is ILocalSymbol local
        && Frame.LastBefore(frame.WritesOf(local), value) is { Own: true, Value: { } made } ? made : value;

    private static (ExpressionSyntax, IOperation)? TargetOf(ExpressionSyntax value, Frame frame, RoleTable roles)
    {
        var made = frame.Model.GetOperation(value, frame.Cancel);
        if (WeakTargets.OfNew(made, roles) is { } target)
        {
            return (value, target);
        }

        // Track(new Node()): the argument is a temporary of this frame.
        if (Operations.Inner(made) is IInvocationOperation { Type: var type, TargetMethod.DeclaringSyntaxReferences.IsEmpty: false } call
            && roles.IsReferenceType(type))
        {
            foreach (var argument in call.Arguments)
            {
                if (Operations.Inner(argument.Value) is IObjectCreationOperation { Type.IsReferenceType: true } temporary)
                {
                    return (value, temporary);
                }
            }
        }

        return null;
    }

    private static (ISymbol, bool)? ElementOf(IOperation? collection) =>
        Operations.VariableOf(collection) is { } variable ? (variable, true) : null;

    /// <summary>What the lambda of this parameter is run over: <c>list.All(r => …)</c>, <c>Assert.All(list, r => …)</c>.</summary>
    private static IOperation? SequenceOf(IParameterReferenceOperation parameter)
    {
        if (Operations.FunctionOf(parameter) is not IAnonymousFunctionOperation { Parent: { } made }
            || Operations.Outer(made).Parent is not IArgumentOperation { Parent: IInvocationOperation call } given)
        {
            return null;
        }

        return call.Instance ?? call.Arguments.FirstOrDefault(argument => argument != given)?.Value;
    }
}
