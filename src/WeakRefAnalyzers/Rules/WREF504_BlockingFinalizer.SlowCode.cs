using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Code that can be seen to take its time: it waits, does I/O, calls native code that says so by its name, or a delegate that may be
/// anybody's. What cannot be seen is no evidence.
/// </summary>
internal sealed class SlowCode(Compilation compilation, CancellationToken cancel)
{
    private const int MaxOperations = 3000;
    private const int MaxDepth = 5;

    private readonly Dictionary<ISymbol, bool> _methods = new(SymbolEqualityComparer.Default);
    private int _seen;

    public bool Is(SyntaxNode code) => Operations.Of(compilation, code, cancel) is { } body && Is(body, 0);

    public bool Is(IOperation body, int depth)
    {
        foreach (var part in body.DescendantsAndSelf())
        {
            if (++_seen > MaxOperations)
            {
                return false;
            }

            if (IsSlow(part, depth))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSlow(IOperation operation, int depth) => operation switch
    {
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } called when ReleaseCall.IsNativeCall(called) =>
            Vocabulary.IsNativeWait(ReleaseCall.NameOf(called)),
        IInvocationOperation { TargetMethod: var method } => IsSlow(method, depth),
        IPropertyReferenceOperation { Property: var property } reference => !Members.IsAuto(property)
            && (Operations.WriteTo(reference) is null ? property.GetMethod : property.SetMethod) is { } accessor && IsSlow(accessor, depth),
        IObjectCreationOperation { Constructor: { } constructor } => IsSlow(constructor, depth),
        IDynamicInvocationOperation => true,
        _ => false,
    };

    private bool IsSlow(IMethodSymbol method, int depth)
    {
        method = method.OriginalDefinition;
        if (_methods.TryGetValue(method, out var known))
        {
            return known;
        }

        _methods.Add(method, false); // Code that calls itself adds nothing.
        var slow = method.MethodKind == MethodKind.DelegateInvoke
            || (ReleaseCall.IsNativeMethod(method) && Vocabulary.IsNativeWait(method.Name))
            || (!(method.Name == "Wait" && method.ContainingType.Name == "Monitor") && !IsLock(method) && Vocabulary.IsWait(method))
            || (method.DeclaringSyntaxReferences.IsEmpty ? IsSlowElsewhere(method) : IsSlowHere(method, depth));
        _methods[method] = slow;
        return slow;
    }

    /// <summary>Locks within locks are looked at where they are taken.</summary>
    private static bool IsLock(IMethodSymbol method) => method.Name is "Enter" or "TryEnter" or "EnterScope";

    private bool IsSlowHere(IMethodSymbol method, int depth) => depth < MaxDepth && !method.IsImplicitlyDeclared
        && (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences[0].GetSyntax(cancel) is { } syntax
        && Operations.Of(compilation, syntax, cancel) is { } body && Is(body, depth + 1);

    private static bool IsSlowElsewhere(IMethodSymbol method)
    {
        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        return space.StartsWith("System.IO", StringComparison.Ordinal) ? method.ContainingType.Name is not ("Path" or "MemoryStream")
            : space.StartsWith("System.Net", StringComparison.Ordinal) || space.StartsWith("System.Data", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.Win32", StringComparison.Ordinal)
                || method.ContainingType.Name is "Console" or "Process" or "Dispatcher" or "Control"
                || method is { Name: "Collect", ContainingType.Name: "GC" };
    }
}
