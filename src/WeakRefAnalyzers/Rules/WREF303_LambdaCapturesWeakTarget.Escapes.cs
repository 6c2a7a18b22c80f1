using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Where a delegate goes that outlives the body that made it. One instance serves one compilation.</summary>
/// <remarks>
/// Sure answers only: an event, a member, a result, a parameter that source passes on to one of these, or a method of a
/// library whose name says that it remembers. What runs at once or once (LINQ, assertions, tasks) does not count.
/// </remarks>
internal sealed class Escapes
{
    /// <summary>How many locals, and how many calls, a delegate is followed through.</summary>
    private const int MaxHops = 3;

    private readonly Compilation _compilation;
    private readonly KnownFacts _known;
    private readonly Summary<IParameterSymbol, bool> _remembered;

    public Escapes(Compilation compilation, KnownFacts known)
    {
        _known = known;
        _compilation = compilation;
        _remembered = new(SymbolEqualityComparer.Default, false, FindRemembered);
    }

    /// <summary>
    /// Whether a delegate of the function is handed to anything but the object itself, which may as well hold a part of
    /// itself.
    /// </summary>
    public bool Leaves(IOperation function, Reference self) => Leaves(function, self, new Inquiry(MaxHops), 0, isReturned: true);

    /// <param name="value">The delegate, or the function it is made of.</param>
    /// <param name="self">The object that may have it.</param>
    /// <param name="asking">The question under way.</param>
    /// <param name="locals">How many locals it has come through.</param>
    /// <param name="isReturned">Whether it leaves when it is returned.</param>
    private bool Leaves(IOperation value, Reference self, Inquiry asking, int locals, bool isReturned)
    {
        if (value is ILocalFunctionOperation { Symbol: var symbol })
        {
            return Operations.RootOf(value).Descendants().Any(operation => operation is IMethodReferenceOperation reference
                && Operations.Same(reference.Method.OriginalDefinition, symbol) && Leaves(reference, self, asking, locals, isReturned));
        }

        var parent = value.Parent;
        while (parent is IConversionOperation or IDelegateCreationOperation or IConditionalOperation or ICoalesceOperation)
        {
            value = parent;
            parent = parent.Parent;
        }

        switch (parent)
        {
            case IEventAssignmentOperation { Adds: true,
                EventReference: IEventReferenceOperation e } added when added.HandlerValue == value:
                return !self.Equals(Reference.Of(e.Instance, _known));
            case IAssignmentOperation assignment when assignment.Value == value:
                return assignment.Target is ILocalReferenceOperation local
                    ? LocalLeaves(local.Local, assignment)
                    : assignment.Target is IMemberReferenceOperation member && !self.Equals(Reference.Of(member.Instance, _known));
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return LocalLeaves(declarator.Symbol, declarator);
            case IReturnOperation:
                return isReturned && locals == 0 && Operations.FunctionAround(parent) is not IAnonymousFunctionOperation;
            case IArgumentOperation { Parameter: { } parameter } argument:
                return argument.Parent switch
                {
                    IInvocationOperation call =>
                        !IsOwn(Reference.Of(call.Instance, _known), self) && Remembers(call.TargetMethod, parameter, asking),
                    IObjectCreationOperation { Constructor: { } constructor } => Remembers(constructor, parameter, asking),
                    _ => false,
                };
            default:
                return false;
        }

        bool LocalLeaves(ILocalSymbol local, IOperation near) =>
            locals < MaxHops && Values.In(near, _known).UsesOf(local).Any(use => Leaves(use, self, asking, locals + 1, isReturned));
    }

    private static bool IsOwn(Reference? receiver, Reference self) =>
        receiver is not null && (receiver.Equals(self) || self.Equals(receiver.Parent));

    private bool Remembers(IMethodSymbol method, IParameterSymbol parameter, Inquiry asking)
    {
        var definition = method.OriginalDefinition;
        if (!definition.DeclaringSyntaxReferences.IsEmpty && !definition.IsAbstract)
        {
            return _remembered.Of(definition.Parameters[parameter.Ordinal], asking);
        }

        return method.MethodKind == MethodKind.Constructor
            ? method.ContainingType.Name is "Timer"
            : method.ContainingType.Name != "ConditionalWeakTable" && Vocabulary.IsRemembering(method.Name);
    }

    private bool FindRemembered(IParameterSymbol parameter, Inquiry asking)
    {
        if (Operations.Of(_compilation, parameter.ContainingSymbol.DeclaringSyntaxReferences[0].GetSyntax(), default) is not { } body)
        {
            return false;
        }

        // In the callee the object has no name that is known.
        var nobody = new Reference(null, parameter);
        return body.Descendants().Any(operation => operation is IParameterReferenceOperation reference
            && Operations.Same(reference.Parameter, parameter) && Leaves(reference, nobody, asking, 0, isReturned: false));
    }
}
