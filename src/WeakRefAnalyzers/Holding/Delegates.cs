using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Holding;

internal enum DelegateLife : byte
{
    Unknown,

    /// <summary>The compiler keeps the delegate in a static field for the next time.</summary>
    ForEver,

    /// <summary>A new delegate each time; only what it is assigned to holds it.</summary>
    UntilNextCollection,
}

/// <summary>
/// How long a delegate lives that nobody keeps. Measured: a lambda without captures and, since C# 11, a converted
/// group of a static method are cached; <c>new Action(M)</c>, extension methods, and static method groups in static
/// constructors and initializers are not.
/// </summary>
internal static partial class Delegates
{
    /// <summary>A variable of the type is known to hold a delegate.</summary>
    public static bool IsHeldBy(ITypeSymbol type) => type.TypeKind == TypeKind.Delegate
        || type.SpecialType is SpecialType.System_Delegate or SpecialType.System_MulticastDelegate;

    /// <summary>Whether the method has a parameter that is a delegate, or may hold one.</summary>
    public static bool AreTakenBy(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (IsHeldBy(parameter.Type)
                || (method.IsExtern && parameter.Type.TypeKind is TypeKind.Struct or TypeKind.Class))
            {
                return true;
            }
        }

        return false;
    }

    public static DelegateLife LifeOf(IDelegateCreationOperation creation)
    {
        switch (creation.Target)
        {
            case IAnonymousFunctionOperation lambda:
                return Captures(lambda) switch
                {
                    true => DelegateLife.UntilNextCollection,
                    false => DelegateLife.ForEver,
                    null => DelegateLife.Unknown,
                };
            case IMethodReferenceOperation { Method: { } method } group:
                // A local function that is not static is made a delegate of each time, captures or none.
                return method.IsStatic && !method.IsExtensionMethod && group.Instance is null && IsCachedHere(creation)
                    ? DelegateLife.ForEver : DelegateLife.UntilNextCollection;
            default:
                return DelegateLife.Unknown;
        }
    }

    /// <summary>Null where a local function is used, whose own captures would have to be followed.</summary>
    private static bool? Captures(IAnonymousFunctionOperation lambda)
    {
        bool? captures = false;
        var span = lambda.Syntax.Span;
        foreach (var operation in lambda.Descendants())
        {
            var variable = operation switch
            {
                IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } =>
                    lambda.Symbol.ContainingSymbol,
                ILocalReferenceOperation { Local: { IsConst: false } local } => local,
                IParameterReferenceOperation { Parameter: { } parameter } => parameter,
                _ => null,
            };
            if (variable is not null && !IsInside(variable))
            {
                return true;
            }

            var called = operation switch
            {
                IInvocationOperation invocation => invocation.TargetMethod,
                IMethodReferenceOperation reference => reference.Method,
                _ => null,
            };
            if (called is { MethodKind: MethodKind.LocalFunction, IsStatic: false } && !IsInside(called))
            {
                captures = null;
            }
        }

        return captures;

        bool IsInside(ISymbol symbol) =>
            symbol.DeclaringSyntaxReferences.Any(reference =>
            reference.SyntaxTree == lambda.Syntax.SyntaxTree && span.Contains(reference.Span));
    }

    /// <summary>Whether the compiler keeps a delegate of a static method that is made there.</summary>
    private static partial bool IsCachedHere(IDelegateCreationOperation creation);
}
