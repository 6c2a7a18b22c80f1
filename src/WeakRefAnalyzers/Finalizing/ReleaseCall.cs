using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>A call that gives a resource back: native code that is handed it, or a method named for it.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Name">What is called.</param>
/// <param name="IsNative">Whether native code is called, or the runtime's own free of native memory.</param>
/// <param name="Values">The receiver and the arguments: one of them is the resource.</param>
internal readonly partial record struct ReleaseCall(IOperation Operation, string Name, bool IsNative, IReadOnlyList<IOperation> Values)
{
    /// <summary>
    /// Whether the call undoes what was begun on a thread: its argument is a cookie and no handle that could be closed from
    /// another.
    /// </summary>
    public bool EndsScope => Vocabulary.IsScopeEnding(Name);

    /// <summary>The object's own state that is released; null where it is another's, or the collector's own bookkeeping.</summary>
    public OwnState? OwnMember(CallFrame frame, RoleTable roles)
    {
        foreach (var value in Values.Reverse())
        {
            if (Provenance.OwnMember(value, frame) is not { } member)
            {
                continue;
            }

            // pool.ReleaseId(_id): a number or a name that is given back is no resource, and the pool is not released.
            if (!IsNative && IsPlain(value.Type) && !IsFile(Operation))
            {
                return null;
            }

            if (!(value.Type is { Name: "DependentHandle" or "WeakGCHandle" }
                || (value.Type is { } type && roles.Handles.IsWeak(member.Reference, type))))
            {
                return member;
            }
        }

        return null;
    }

    private static bool IsPlain(ITypeSymbol? type) =>
        type is { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String }
        or { TypeKind: TypeKind.Enum or TypeKind.TypeParameter, IsReferenceType: false } or { Name: "Guid" }
        or IArrayTypeSymbol { ElementType.IsUnmanagedType: true };

    private static bool IsFile(IOperation call) => call is IInvocationOperation { TargetMethod.ContainingType:
        { Name: "File" or "Directory", ContainingNamespace.Name: "IO" } };

    /// <summary>
    /// The same in a finalizer, where what a method does that can be seen counts, and not what it is called; a file that is
    /// deleted counts, and so does an object that is handed over to be disposed of elsewhere.
    /// </summary>
    public static ReleaseCall? InFinalizer(Reached reached)
    {
        if (reached.Operation is not IInvocationOperation { TargetMethod: var method } invocation)
        {
            return Of(reached.Operation);
        }

        if (CallWalk.IsFixed(method, invocation.Instance) && !IsNativeCall(invocation) && !IsDispose(method))
        {
            return null;
        }

        return Of(invocation) ?? (Vocabulary.IsDestroying(method.Name)
            || (reached.CallFrame.HopsAway > 0 && Vocabulary.IsPublishing(method.Name) && invocation.Arguments.Any(static argument =>
                argument.Value is IParameterReferenceOperation { Type: { } type } && IsDisposable(type)))
            ? new ReleaseCall(invocation, method.Name, IsNative: false, ValuesOf(invocation)) : null);
    }

    private static bool IsDispose(IMethodSymbol method) =>
        method.Name is "Dispose" or "DisposeAsync" && IsDisposable(method.ContainingType);

    private static bool IsDisposable(ITypeSymbol type) => type.Name is "IDisposable" or "IAsyncDisposable"
        || type.AllInterfaces.Any(static @interface => @interface.Name is "IDisposable" or "IAsyncDisposable");

    public static ReleaseCall? Of(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation invocation when NameOf(invocation) is var name && IsNativeCall(invocation):
                return Vocabulary.IsQuestion(name) || Vocabulary.IsMessage(name) ? null
                    : new ReleaseCall(operation, name, IsNative: true, ValuesOf(invocation));
            case IInvocationOperation invocation when Vocabulary.IsRelease(invocation.TargetMethod.Name):
                var native = invocation.TargetMethod is { IsStatic: true, ContainingType.Name: "Marshal" or "NativeMemory" };
                return new ReleaseCall(operation, invocation.TargetMethod.Name, native, ValuesOf(invocation));
            case IFunctionPointerInvocationOperation pointer:
                return new ReleaseCall(operation, pointer.Target.Syntax.ToString(), IsNative: true,
                    pointer.Arguments.Select(argument => argument.Value).ToArray());
            default:
                return null;
        }
    }

    /// <summary>Whether calling the method with a resource releases it.</summary>
    public static bool IsRelease(IMethodSymbol method) =>
        Vocabulary.IsRelease(method.Name) || (method.IsStatic && IsNativeMethod(method) && !Vocabulary.IsQuestion(method.Name));

    /// <summary>Whether the call leaves managed code: P/Invoke, extern, or a delegate made for a native function.</summary>
    public static bool IsNativeCall(IInvocationOperation invocation) => invocation.TargetMethod switch
    {
        { MethodKind: MethodKind.DelegateInvoke, ContainingType: var type } =>
            type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "UnmanagedFunctionPointerAttribute")
            || HasHandle(invocation),
        { IsStatic: true } method => IsNativeMethod(method) || Forwards(method),
        _ => false,
    };

    public static bool IsHandle(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };

    public static bool IsNativeMethod(IMethodSymbol method) =>
        (method.IsExtern && !method.DeclaringSyntaxReferences.IsEmpty)
        || method.GetDllImportData() is not null
        || (method.IsPartialDefinition
            && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "LibraryImportAttribute" or "LibraryImport"));

    /// <summary>
    /// A managed method around a native one of its type, or of a neighbour: <c>static int Close(IntPtr h) { lock (s) return
    /// Native.close(h); }</c>.
    /// </summary>
    private static partial bool Forwards(IMethodSymbol method);

    private static bool HasHandle(IInvocationOperation invocation) =>
        invocation.TargetMethod.Parameters.Any(parameter => IsHandle(parameter.Type) || parameter.Type.TypeKind == TypeKind.Pointer);

    public static string NameOf(IOperation call) => call switch
    {
        IInvocationOperation invocation => NameOf(invocation),
        IMemberReferenceOperation { Member.Name: var name } => name,
        _ => call.Syntax.ToString(),
    };

    public static string NameOf(IInvocationOperation invocation) => invocation switch
    {
        { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IMemberReferenceOperation member } => member.Member.Name,
        { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } instance } => instance.Syntax.ToString(),
        _ => invocation.TargetMethod.Name,
    };

    private static IReadOnlyList<IOperation> ValuesOf(IInvocationOperation invocation)
    {
        var values = new List<IOperation>();
        if (invocation.Instance is { } instance && invocation.TargetMethod.MethodKind != MethodKind.DelegateInvoke)
        {
            values.Add(instance);
        }

        foreach (var argument in invocation.Arguments)
        {
            values.Add(argument.Value);
        }

        return values;
    }
}
