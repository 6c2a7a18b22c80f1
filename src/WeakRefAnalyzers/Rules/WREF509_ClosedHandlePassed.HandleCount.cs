using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>Where the reference count of a SafeHandle is taken, which a closed one refuses.</summary>
internal static class HandleCount
{
    /// <summary>Of the object itself, by this call.</summary>
    public static bool IsTaken(IInvocationOperation call, CallFrame frame, Compilation compilation, CancellationToken cancel)
    {
        if (call.TargetMethod.Name == "DangerousAddRef")
        {
            return Operations.IsThis(call.Instance) && Finalizable.IsSafeHandle(call.TargetMethod.ContainingType);
        }

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && Finalizable.IsSafeHandle(parameter.Type)
                && Operations.IsThis(Provenance.Of(argument.Value, frame)))
            {
                return IsMarshalled(call.TargetMethod, parameter)
                    || Forwards(call.TargetMethod, parameter, compilation, frame.Known, cancel);
            }
        }

        return false;
    }

    private static bool IsMarshalled(IMethodSymbol method, IParameterSymbol parameter) => method switch
    {
        { MethodKind: MethodKind.DelegateInvoke } => Has(method.ContainingType, "UnmanagedFunctionPointerAttribute"),
        { IsStatic: true } => ReleaseCall.IsNativeMethod(method) && !Has(parameter, "MarshalUsingAttribute")
            && (method.MethodImplementationFlags & MethodImplAttributes.InternalCall) == 0,
        _ => false,
    };

    /// <summary>A method of source that only hands the object on: <c>static void Close(Session s) => close(s);</c>.</summary>
    private static bool Forwards(
        IMethodSymbol method,
        IParameterSymbol parameter,
        Compilation compilation,
        KnownFacts known,
        CancellationToken cancel)
    {
        if (!method.IsStatic || method.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty
            || Operations.Of(compilation, method.OriginalDefinition.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is not { } body
            || Members.Named("IsClosed", body.Syntax, known).Any())
        {
            return false;
        }

        foreach (var part in body.Descendants())
        {
            if (part is IArgumentOperation { Parameter: { } marshalled, Parent: IInvocationOperation inner } argument
                && Provenance.Of(argument.Value) is IParameterReferenceOperation given && given.Parameter.Ordinal == parameter.Ordinal
                && Finalizable.IsSafeHandle(marshalled.Type) && IsMarshalled(inner.TargetMethod, marshalled))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ISymbol symbol, string attribute)
    {
        foreach (var data in symbol.GetAttributes())
        {
            if (data.AttributeClass?.Name == attribute)
            {
                return true;
            }
        }

        return false;
    }
}
