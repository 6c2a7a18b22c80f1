using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Where a delegate goes that outlives the body that made it.</summary>
/// <remarks>
/// Sure answers only: an event, a member, a result, a parameter that source passes on to one of these, or a method of a
/// library whose name says that it remembers. What runs at once or once (LINQ, assertions, tasks) does not count.
/// </remarks>
internal sealed class Escapes(Compilation compilation, CancellationToken cancel)
{
    private static readonly string[] s_remembers = ["Subscribe", "Register", "Add", "Attach", "Hook", "Listen", "Observe", "Watch", "Connect"];

    /// <summary>Whether a delegate of the function, or this very one, is handed to anything but the object itself, which may as well hold a part of itself.</summary>
    public bool Leaves(IOperation value, Reference self, int depth = 0)
    {
        if (value is ILocalFunctionOperation { Symbol: var symbol })
        {
            return Operations.RootOf(value).Descendants().Any(operation => operation is IMethodReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, symbol) && Leaves(reference, self, depth));
        }

        var parent = value.Parent;
        while (parent is IConversionOperation or IDelegateCreationOperation or IConditionalOperation or ICoalesceOperation)
        {
            value = parent;
            parent = parent.Parent;
        }

        switch (parent)
        {
            case IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation e } added when added.HandlerValue == value:
                return !self.Equals(Reference.Of(e.Instance));
            case IAssignmentOperation assignment when assignment.Value == value:
                return assignment.Target is ILocalReferenceOperation local
                    ? LocalLeaves(local.Local, assignment, self, depth)
                    : assignment.Target is IMemberReferenceOperation member && !self.Equals(Reference.Of(member.Instance));
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return LocalLeaves(declarator.Symbol, declarator, self, depth);
            case IReturnOperation:
                return depth == 0 && Operations.FunctionAround(parent) is not IAnonymousFunctionOperation;
            case IArgumentOperation { Parameter: { } parameter } argument:
                return argument.Parent switch
                {
                    IInvocationOperation call => !IsOwn(Reference.Of(call.Instance), self) && Remembers(call.TargetMethod, parameter, depth),
                    IObjectCreationOperation { Constructor: { } constructor } => Remembers(constructor, parameter, depth),
                    _ => false,
                };
            default:
                return false;
        }
    }

    private static bool IsOwn(Reference? receiver, Reference self) => receiver is not null && (receiver.Equals(self) || self.Equals(receiver.Parent));

    private bool LocalLeaves(ILocalSymbol local, IOperation near, Reference self, int depth)
    {
        foreach (var operation in Operations.RootOf(near).Descendants())
        {
            if (depth < 3 && operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local) && Leaves(reference, self, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private bool Remembers(IMethodSymbol method, IParameterSymbol parameter, int depth)
    {
        var definition = method.OriginalDefinition;
        if (definition.DeclaringSyntaxReferences.IsEmpty || definition.IsAbstract)
        {
            return method.MethodKind == MethodKind.Constructor
                ? method.ContainingType.Name is "Timer"
                : method.ContainingType.Name != "ConditionalWeakTable" && Array.Exists(s_remembers, name => method.Name.StartsWith(name, StringComparison.Ordinal));
        }

        if (depth >= 3 || Operations.Of(compilation, definition.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is not { } body)
        {
            return false;
        }

        // A fresh path: in the callee the object has no name that is known.
        var given = definition.Parameters[parameter.Ordinal];
        var nobody = new Reference(null, given);
        return body.Descendants().Any(operation => operation is IParameterReferenceOperation reference
            && SymbolEqualityComparer.Default.Equals(reference.Parameter, given) && Leaves(reference, nobody, depth + 1));
    }
}
