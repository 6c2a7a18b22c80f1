using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Operations after which something other than the object itself refers to <c>this</c>.</summary>
internal static class Escape
{
    public static bool IsOfThis(Reached reached, Compilation compilation, CancellationToken cancel)
    {
        switch (reached.Operation)
        {
            case ISimpleAssignmentOperation assignment:
                return IsThis(assignment.Value) && IsForeign(assignment.Target);
            case IEventAssignmentOperation { Adds: true,
                EventReference: IEventReferenceOperation { Instance: not IInstanceReferenceOperation } } subscription:
                return IsThis(subscription.HandlerValue);
            case IObjectCreationOperation { Type.Name: "Thread" or "Timer" or "Task", Arguments: { Length: > 0 } arguments }:
                return IsThis(arguments[0].Value);
            case IInvocationOperation { Instance: not IInstanceReferenceOperation } invocation:
                foreach (var argument in invocation.Arguments)
                {
                    if (IsThis(argument.Value))
                    {
                        return Vocabulary.IsPublishing(invocation.TargetMethod.Name)
                            || (argument.Value is IDelegateCreationOperation && MayQueue(invocation.TargetMethod))
                            || Stores(invocation.TargetMethod, argument.Parameter, compilation, cancel);
                    }
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>
    /// Whether a method that is not to be seen may keep a delegate, to run it later on another thread. What asks for one runs it
    /// at once: collections, <c>Invoke</c>; or takes it away.
    /// </summary>
    private static bool MayQueue(IMethodSymbol method) =>
        (method.DeclaringSyntaxReferences.IsEmpty ? method.ContainingNamespace.Name is not ("Linq" or "System")
            && method.ContainingNamespace.ContainingNamespace?.Name != "Collections" && method.ContainingNamespace.Name != "Collections"
            : method.IsAbstract || method.IsVirtual || method.ContainingType.TypeKind == TypeKind.Interface)
        && method.Name is not ("Invoke" or "Send" or "Wait") && !method.Name.StartsWith("Remove", StringComparison.Ordinal)
        && !method.Name.StartsWith("Un", StringComparison.Ordinal) && !method.Name.StartsWith("Detach", StringComparison.Ordinal);

    /// <summary>The object itself, or a delegate that holds it.</summary>
    private static bool IsThis(IOperation value) => Operations.Inner(value) switch
    {
        IDelegateCreationOperation { Target: IMethodReferenceOperation { Instance: IInstanceReferenceOperation } } => true,
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda } => lambda.Descendants().Any(Operations.IsThis),
        var inner => Operations.IsThis(inner),
    };

    private static bool IsForeign(IOperation target) => target switch
    {
        IFieldReferenceOperation { Field.IsStatic: true } or IPropertyReferenceOperation { Property.IsStatic: true } => true,
        IMemberReferenceOperation { Instance: { } instance } =>
            instance is not IInstanceReferenceOperation && Provenance.Of(instance) is not IObjectCreationOperation,
        IArrayElementReferenceOperation element => Provenance.Of(element.ArrayReference) is not IArrayCreationOperation,
        _ => false,
    };

    /// <summary>Whether the called method of source puts the argument where it outlives the call.</summary>
    private static bool Stores(IMethodSymbol method, IParameterSymbol? parameter, Compilation compilation, CancellationToken cancel)
    {
        var definition = method.OriginalDefinition;
        if (parameter is null || definition.DeclaringSyntaxReferences.IsEmpty
            || Operations.Of(compilation, definition.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is not { } body)
        {
            return false;
        }

        return body.Descendants().Any(part => part switch
        {
            ISimpleAssignmentOperation assignment =>
                IsParameter(assignment.Value) && assignment.Target is IMemberReferenceOperation or IArrayElementReferenceOperation,
            IInvocationOperation call =>
                Vocabulary.IsPublishing(call.TargetMethod.Name) && call.Arguments.Any(argument => IsParameter(argument.Value)),
            _ => false,
        });

        bool IsParameter(IOperation value) =>
            Provenance.Of(value) is IParameterReferenceOperation reference && reference.Parameter.Ordinal == parameter.Ordinal;
    }
}
