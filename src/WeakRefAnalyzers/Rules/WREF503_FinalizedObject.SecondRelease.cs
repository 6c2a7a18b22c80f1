using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// A finalizer that only lets go of another object, which that one's finalizer has done: of no use, but no damage either, as far as
/// its code is to be seen. It is damage to call native code, a handler or a stream anew, or to throw, without a question before.
/// </summary>
internal sealed class SecondRelease(Compilation compilation, Tolerance tolerance, CancellationToken cancel)
{
    private const int MaxDepth = 5;
    private const int MaxOperations = 2000;

    private static readonly string[] Outside = ["System.IO", "System.Net", "System.Data", "Microsoft.Win32"];

    private readonly Dictionary<(ISymbol, ISymbol?), bool> _methods = [];
    private int _seen;

    public bool Is(OwnUse use, INamedTypeSymbol finalizer)
    {
        if (use.Method is not { MethodKind: MethodKind.Ordinary, IsStatic: false } method
            || method.Parameters.Any(static parameter => parameter.Type.SpecialType != SpecialType.System_Boolean))
        {
            return false;
        }

        // Of the framework's code the name is all there is; the part of it that a derived type has put in is to be seen.
        if (method.DeclaringSyntaxReferences.IsEmpty)
        {
            return method is { Name: "Dispose" or "Close", Parameters.IsEmpty: true }
                && (use.Type.DeclaringSyntaxReferences.IsEmpty || OwnDispose(use.Type) is not { } own || !Harms(own, use.Type, 0));
        }

        return IsRelease(method, finalizer) && !Harms(method, use.Type, 0);
    }

    /// <summary>What takes the object off the finalizer's queue, keeps the promise of IDisposable, or is what the finalizer does.</summary>
    private bool IsRelease(IMethodSymbol method, INamedTypeSymbol finalizer)
    {
        var contract = compilation.GetSpecialType(SpecialType.System_IDisposable).GetMembers("Dispose").FirstOrDefault();
        if (contract is not null && method.ContainingType.FindImplementationForInterfaceMember(contract) is { } promise
            && Operations.Same(promise, method))
        {
            return true;
        }

        HashSet<ISymbol> own = new(SymbolEqualityComparer.Default) { Root(method) };
        if (AddCalls(method, own, 0))
        {
            return true;
        }

        HashSet<ISymbol> finalizers = new(SymbolEqualityComparer.Default);
        foreach (var member in finalizer.GetMembers(WellKnownMemberNames.DestructorName))
        {
            if (member is IMethodSymbol destructor)
            {
                AddCalls(destructor, finalizers, 0);
            }
        }

        return finalizers.Overlaps(own);
    }

    /// <summary>Adds what a method calls on its own object; whether it takes the object off the queue.</summary>
    private bool AddCalls(IMethodSymbol method, HashSet<ISymbol> called, int depth)
    {
        if (depth > 2 || BodyOf(method) is not { } body)
        {
            return false;
        }

        var suppresses = false;
        foreach (var part in body.Descendants())
        {
            if (part is not IInvocationOperation { TargetMethod: var target } call)
            {
                continue;
            }

            suppresses |= target is { Name: "SuppressFinalize", ContainingType.Name: "GC" }
                && Operations.IsThis(Operations.Inner(call.Arguments[0].Value));
            if (call.Instance is IInstanceReferenceOperation && called.Add(Root(target)))
            {
                suppresses |= AddCalls(target, called, depth + 1);
            }
        }

        return suppresses;
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

            if (part is IThrowOperation or IInvocationOperation or IFunctionPointerInvocationOperation or IDynamicInvocationOperation
                && IsDamage(part, type, depth)
                && !Conditions.Of(part, body).Any(condition => tolerance.AsksState(condition, method)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsDamage(IOperation part, ITypeSymbol? type, int depth) => part switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.DelegateInvoke } } => true,
        IInvocationOperation { TargetMethod: var method } call when ReleaseCall.IsNativeCall(call) || method.IsExtern => true,
        IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: true } method } => IsDamageElsewhere(method),
        IInvocationOperation { TargetMethod: var method, Instance: var instance } => Harms(
            instance is IInstanceReferenceOperation && !Operations.IsBase(instance) ? InPlaceOf(method, type) : method,
            instance is IInstanceReferenceOperation ? type : instance?.Type, depth + 1),
        _ => true,
    };

    /// <summary>Of the framework's methods those that free what is not counted, or do something with what may be closed.</summary>
    private static bool IsDamageElsewhere(IMethodSymbol method) => method.ContainingType.Name switch
    {
        "Marshal" or "NativeMemory" => Vocabulary.IsRelease(method.Name) || Vocabulary.IsDestroying(method.Name)
            || method.Name.StartsWith("Write", StringComparison.Ordinal),
        "GCHandle" => method.Name == "Free",
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
