using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;

namespace WeakRefAnalyzers.Rules;

/// <summary>Delegates that are made for one call, and that nobody has behind it.</summary>
internal static class LoneDelegates
{
    /// <summary>The new delegate that the value is; null where somebody keeps it, or may.</summary>
    public static IDelegateCreationOperation? Of(IOperation value, IOperation call, KnownFacts known)
    {
        var given = Operations.Inner(value);
        if (given is not ILocalReferenceOperation local)
        {
            return given is IDelegateCreationOperation made && IsNew(made, known) ? made : null;
        }

        return Operations.Inner(Values.OnlyValueOf(local.Local, local, known)) is IDelegateCreationOperation kept && IsNew(kept, known)
            && Operations.FunctionOf(kept) == Operations.FunctionOf(call) && !IsKept(local.Local, call, known) ? kept : null;
    }

    /// <summary>The same of a struct of delegates that is made for the call: the first of them that is new.</summary>
    public static IDelegateCreationOperation? InStruct(IOperation value, IOperation call, KnownFacts known)
    {
        var given = Operations.Inner(value);
        if (given is not ILocalReferenceOperation { Local: var local })
        {
            return given is IObjectCreationOperation made ? FirstIn(made, call, known) : null;
        }

        if (IsKept(local, call, known))
        {
            return null;
        }

        foreach (var use in Values.In(call, known).UsesOf(local))
        {
            if (use.Parent is IFieldReferenceOperation { Type.TypeKind: TypeKind.Delegate, Parent: ISimpleAssignmentOperation set } field
                && set.Target == field && Of(set.Value, call, known) is { } part)
            {
                return part;
            }
        }

        return Operations.Inner(Values.In(call, known).DeclaratorOf(local)?.GetVariableInitializer()?.Value)
            is IObjectCreationOperation creation ? FirstIn(creation, call, known) : null;
    }

    private static IDelegateCreationOperation? FirstIn(IObjectCreationOperation creation, IOperation call, KnownFacts known)
    {
        foreach (var part in creation.ChildOperations.OfType<IObjectOrCollectionInitializerOperation>().SelectMany(static all =>
            all.Initializers))
        {
            if (part is ISimpleAssignmentOperation { Target.Type.TypeKind: TypeKind.Delegate, Value: var value }
                && Of(value, call, known) is { } made)
            {
                return made;
            }
        }

        return null;
    }

    /// <summary>Not one that the compiler keeps in a static field for the next time.</summary>
    private static bool IsNew(IDelegateCreationOperation made, KnownFacts known) =>
        made.Target is IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction, IsStatic: false } } local
            ? Closures.Of(made, known).KeptBy(local).Count > 0
            : Delegates.LifeOf(made) == DelegateLife.UntilNextCollection;

    /// <summary>
    /// The local is used for anything but native calls, its own members and tests for null; or used at all behind the call, which keeps
    /// its value until then.
    /// </summary>
    private static bool IsKept(ILocalSymbol local, IOperation call, KnownFacts known)
    {
        foreach (var use in Values.In(call, known).UsesOf(local))
        {
            if (Operations.WriteTo(use) is ISimpleAssignmentOperation || use.Syntax.Parent is null)
            {
                continue;
            }

            if (use.Syntax.SpanStart > call.Syntax.Span.End || Operations.FunctionOf(use) != Operations.FunctionOf(call)
                || !IsHarmless(Operations.Outer(use)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHarmless(IOperation use) => use.Parent switch
    {
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } =>
            NativeKeepers.IsNative(method) || method.Name is "GetFunctionPointerForDelegate" or "SizeOf",
        IFieldReferenceOperation { Parent: ISimpleAssignmentOperation } => true,
        IBinaryOperation or IIsPatternOperation or INameOfOperation => true,
        _ => false,
    };
}
