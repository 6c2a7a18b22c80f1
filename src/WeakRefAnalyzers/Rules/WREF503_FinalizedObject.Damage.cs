using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// What is done to another object once its finalizer has run: of no use, but no damage either, unless its code is seen to hand its
/// pointers to native code or to use a stream, without a question before, or to throw because it is done with.
/// </summary>
internal sealed class Damage(Compilation compilation, Tolerance tolerance, CancellationToken cancel)
{
    private const int MaxDepth = 5;
    private const int MaxOperations = 2000;

    private static readonly string[] Outside = ["System.IO", "System.Net", "System.Data", "Microsoft.Win32"];

    private readonly Dictionary<(ISymbol, ISymbol?), bool> _methods = [];
    private int _seen;

    /// <summary>Whether damage is seen: by the code that the use runs, or by what native code is handed that came from there.</summary>
    public bool Harms(OwnUse use, IOperation operation, FinalizerReach reach)
    {
        if (use.Method is not { } method)
        {
            return false;
        }

        // Of the framework's code the name is all there is; the part of it that a derived type has put in is to be seen.
        if (method.DeclaringSyntaxReferences.IsEmpty)
        {
            return method is { Name: "Dispose" or "Close", Parameters.IsEmpty: true }
                ? !use.Type.DeclaringSyntaxReferences.IsEmpty && OwnDispose(use.Type) is { } own && Harms(own, use.Type, 0)
                : ThrowsWhenClosed(method.ContainingType);
        }

        return IsHandedToNative(operation, reach) || Harms(method, use.Type, 0);
    }

    /// <summary>A weak reference is empty by then; a closed stream or socket throws.</summary>
    private static bool ThrowsWhenClosed(INamedTypeSymbol type) => type.Name == "WeakReference"
        || (type.ContainingNamespace?.ToDisplayString() is { } space && type.Name is not "FileSystemWatcher"
            && Array.Exists(Outside, outside => space.StartsWith(outside, StringComparison.Ordinal)));

    /// <summary>A raw pointer that the other has freed.</summary>
    private static bool IsHandedToNative(IOperation value, FinalizerReach reach)
    {
        if (!ReleaseCall.IsHandle(value.Type) && value.Type?.TypeKind != TypeKind.Pointer)
        {
            return false;
        }

        value = Operations.Outer(value);
        return value.Parent is IArgumentOperation { Parent: { } call } && reach.LeadsToNative(call);
    }

    private static ISymbol Root(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } old)
        {
            method = old;
        }

        return method.OriginalDefinition;
    }

    private IOperation? BodyOf(IMethodSymbol method)
    {
        var target = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        return target.DeclaringSyntaxReferences.IsEmpty ? null
            : Operations.Of(compilation, target.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel);
    }

    /// <summary>Whether the method does damage to an object that is done with, where it is seen to.</summary>
    private bool Harms(IMethodSymbol method, ITypeSymbol? type, int depth)
    {
        method = method.OriginalDefinition;
        if (_methods.TryGetValue((method, type), out var known))
        {
            return known;
        }

        _methods.Add((method, type), false); // Code that calls itself adds nothing.
        var harms = method.IsAbstract ? tolerance.OverridesOf(method).Exists(other => Harms(other, null, depth + 1))
            : depth < MaxDepth && !tolerance.Of(method) && BodyOf(method) is { } body && Harms(body, method, type, depth);
        _methods[(method, type)] = harms;
        return harms;
    }

    private bool Harms(IOperation body, IMethodSymbol method, ITypeSymbol? type, int depth)
    {
        foreach (var part in body.Descendants())
        {
            if (++_seen > MaxOperations)
            {
                return false;
            }

            if (part is IThrowOperation thrown ? ThrowsForGone(thrown, body)
                : part is IInvocationOperation or IFunctionPointerInvocationOperation or IDynamicInvocationOperation
                    && IsDamage(part, type, depth)
                    && !Conditions.Of(part, body).Any(condition => tolerance.AsksState(condition, method) || IsAskedForZero(condition)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>_instance == IntPtr.Zero</c>, of an object around a pointer: it loses that with its own finalizer.</summary>
    private static bool IsAskedForZero(IOperation condition) => condition.DescendantsAndSelf().Any(static part =>
        part is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } compared
        && Operations.Inner(compared.LeftOperand) is IConversionOperation { Operand.Type.TypeKind: TypeKind.Class }
            or { Type.TypeKind: TypeKind.Class }
        && Operations.Inner(compared.RightOperand) is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType: var type } }
        && type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr);

    private bool IsDamage(IOperation part, ITypeSymbol? type, int depth) => part switch
    {
        IInvocationOperation { TargetMethod: var method } call when ReleaseCall.IsNativeCall(call) || method.IsExtern =>
            call.Arguments.Any(static argument => argument.Value.DescendantsAndSelf().Any(static value =>
                value is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } or IParameterReferenceOperation
                    or ILocalReferenceOperation)),
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } => false,
        IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: true } method } => IsDamageElsewhere(method),
        IInvocationOperation { TargetMethod: var method, Instance: var instance } => Harms(
            instance is IInstanceReferenceOperation && !Operations.IsBase(instance) ? InPlaceOf(method, type) : method,
            instance is IInstanceReferenceOperation ? type : instance?.Type, depth + 1),
        _ => true,
    };

    /// <summary>A disposed object says so; a null pointer or field, too. What is thrown for an argument is for whoever passes it.</summary>
    private static bool ThrowsForGone(IThrowOperation thrown, IOperation body) =>
        thrown.Exception is { } exception && !Handlers.Swallow(thrown)
        && (exception is IConversionOperation { Operand: var made } ? made : exception).Type?.Name is { } name
        && (name == "ObjectDisposedException" || Conditions.Of(thrown, body).Any(static condition => condition.DescendantsAndSelf().Any(
            static part => part is IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member.Name: var flag }
                && (Vocabulary.IsStateFlag(flag) || ReleaseCall.IsHandle(part.Type) || (part.Type is { IsReferenceType: true }
                    && part.Parent is IBinaryOperation or IIsPatternOperation or IConversionOperation)))));

    /// <summary>Of the framework's methods those that free what is not counted, or do something with what may be closed.</summary>
    private static bool IsDamageElsewhere(IMethodSymbol method) => method.ContainingType.Name switch
    {
        "Marshal" or "NativeMemory" => Vocabulary.IsRelease(method.Name) || Vocabulary.IsDestroying(method.Name)
            || method.Name.StartsWith("Write", StringComparison.Ordinal),
        "GCHandle" => method.Name == "Free",
        "ObjectDisposedException" => true,
        _ => !Vocabulary.IsRelease(method.Name) && method.ContainingNamespace?.ToDisplayString() is { } space
            && Array.Exists(Outside, outside => space.StartsWith(outside, StringComparison.Ordinal)),
    };

    /// <summary>What a virtual call on the object runs, as far as its declared type tells.</summary>
    private static IMethodSymbol InPlaceOf(IMethodSymbol method, ITypeSymbol? type)
    {
        var declared = method.ContainingType.OriginalDefinition;
        for (; type is not null && !Operations.Same(type.OriginalDefinition, declared); type = type.BaseType)
        {
            foreach (var member in type.GetMembers(method.Name))
            {
                if (member is IMethodSymbol { OverriddenMethod: not null } other && Operations.Same(Root(other), Root(method)))
                {
                    return other;
                }
            }
        }

        return method;
    }

    private static IMethodSymbol? OwnDispose(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers("Dispose"))
            {
                if (member is IMethodSymbol { IsOverride: true, Parameters: { Length: 1 } parameters } own
                    && parameters[0].Type.SpecialType == SpecialType.System_Boolean)
                {
                    return own;
                }
            }
        }

        return null;
    }
}
