using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Where a function pointer goes that was made of a delegate.</summary>
internal static class NativePointers
{
    private const int MaxHops = 6;

    /// <summary>
    /// Whether it is there for longer than the method runs: stored in a member or in native memory, returned, or given to native code that
    /// keeps it.
    /// </summary>
    public static bool IsKept(IOperation pointer, KnownFacts known) => IsKept(pointer, known, 0);

    private static bool IsKept(IOperation pointer, KnownFacts known, int hops)
    {
        var value = Operations.Outer(pointer);
        switch (value.Parent)
        {
            case var _ when hops > MaxHops:
                return false;
            case IReturnOperation or IFieldInitializerOperation or IPropertyInitializerOperation:
                return Operations.FunctionOf(value) is not IAnonymousFunctionOperation;
            case IVariableInitializerOperation initializer when Operations.DeclaratorOf(initializer) is { Symbol: var local }:
                return IsKept(local, value, known, hops);
            case IInvocationOperation { TargetMethod.Name: "ToPointer" or "ToInt32" or "ToInt64" } converted
                when converted.Instance == value:
                return IsKept(converted, known, hops + 1);
            case IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod: var method } }:
                return method is { Name: "WriteIntPtr", ContainingType.Name: "Marshal" }
                    || (NativeKeepers.IsNative(method) && NativeKeepers.KeepByName(method, parameter, isCallback: true));
            case IArgumentOperation { Parent: IObjectCreationOperation { Type.Name: "IntPtr" or "UIntPtr" } wrapped }:
                return IsKept(wrapped, known, hops + 1);
            case IFunctionPointerInvocationOperation call:
                return NativeKeepers.KeepByName(NameOf(call.Target), "callback");
            case IArgumentOperation { Parent: IFunctionPointerInvocationOperation call }:
                return NativeKeepers.KeepByName(NameOf(call.Target), "callback");
            case ISimpleAssignmentOperation assignment when assignment.Value == value:
                return IsKeptIn(assignment, known, hops);
            default:
                return false;
        }
    }

    private static bool IsKeptIn(ISimpleAssignmentOperation assignment, KnownFacts known, int hops)
    {
        switch (assignment.Target)
        {
            case ILocalReferenceOperation { Local: var local }:
                return IsKept(local, assignment, known, hops);
            case IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation
                { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } member:
                return member is IFieldReferenceOperation or IPropertyReferenceOperation { Property.SetMethod.IsImplicitlyDeclared: true }
                    || member.Member is IPropertySymbol property && Members.IsAuto(property);
            case IFieldReferenceOperation { Instance: ILocalReferenceOperation { Local: { } table } }:
                return IsKept(table, assignment, known, hops);
            case IFieldReferenceOperation { Instance: IInstanceReferenceOperation }
                when assignment.Parent is IObjectOrCollectionInitializerOperation { Parent: IObjectCreationOperation table }:
                return IsKept(table, known, hops + 1); // new WNDCLASS { lpfnWndProc = … }
            case { Kind: OperationKind.None }:
                return true; // *slot = …
            default:
                return false;
        }
    }

    private static bool IsKept(ILocalSymbol local, IOperation near, KnownFacts known, int hops)
    {
        foreach (var use in Values.In(near, known).UsesOf(local))
        {
            if (use.Syntax.SpanStart > near.Syntax.SpanStart && Operations.WriteTo(use) is null or IArgumentOperation or IAddressOfOperation
                && IsKept(use.Parent is IAddressOfOperation address ? address : use, known, hops + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(IOperation target) => Operations.SymbolOf(target)?.Name ?? "";
}
