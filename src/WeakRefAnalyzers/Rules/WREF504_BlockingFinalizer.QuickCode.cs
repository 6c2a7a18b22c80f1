using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Code that is done at once: it works in memory, and all of it is to be seen. It does not wait, do I/O, call delegates or
/// native code, nor a virtual method that may be anybody's.
/// </summary>
internal sealed class QuickCode(Compilation compilation, Gates gates, CancellationToken cancel)
{
    private const int MaxOperations = 3000;

    private readonly Dictionary<ISymbol, bool> _methods = new(SymbolEqualityComparer.Default);
    private int _seen;

    /// <summary>What is still being typed is not told to be slow.</summary>
    public bool Is(SyntaxNode code) =>
        code.ContainsDiagnostics || (Operations.Of(compilation, code, cancel) is { } body && Is(body));

    private bool Is(IOperation body)
    {
        foreach (var part in body.DescendantsAndSelf())
        {
            if (++_seen > MaxOperations || !IsQuick(part))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsQuick(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "Enter" or "TryEnter", ContainingType.Name: "Monitor" },
            Arguments: { Length: > 0 } arguments } => IsFree(arguments[0].Value),
        IInvocationOperation { TargetMethod: { Name: "Wait", ContainingType.Name: "Monitor" }, Syntax: var wait,
            Arguments: { Length: > 0 } arguments } => GivesUp(wait, arguments[0].Value.Syntax),
        IInvocationOperation { TargetMethod: var method, Instance: var instance } => IsQuick(method, instance),
        IPropertyReferenceOperation { Property: var property, Instance: var instance } reference => Members.IsAuto(property)
            || (Operations.WriteTo(reference) is null || property.GetMethod is null || IsQuick(property.GetMethod, instance))
            && ((Operations.WriteTo(reference) is null ? property.GetMethod : property.SetMethod) is not { } accessor
                || IsQuick(accessor, instance)),
        IObjectCreationOperation { Constructor: { } constructor } => IsQuick(constructor, null),
        ILockOperation { LockedValue: var gate } => IsFree(gate),
        IFunctionPointerInvocationOperation or IDynamicInvocationOperation or IDynamicMemberReferenceOperation
            or IDynamicObjectCreationOperation or ITypeParameterObjectCreationOperation or IAwaitOperation
            or IInvalidOperation => false,
        _ => true,
    };

    /// <summary>Who waits for a pulse gives up the lock meanwhile, if it is the one that was taken.</summary>
    private static bool GivesUp(SyntaxNode wait, SyntaxNode gate) => wait.Ancestors().OfType<LockStatementSyntax>().Any()
        && wait.Ancestors().OfType<LockStatementSyntax>().All(taken => taken.Expression.ToString() == gate.ToString());

    private bool IsFree(IOperation gate) => Gates.SymbolOf(Provenance.Of(gate)) is { } symbol && gates.IsFree(symbol);

    private bool IsQuick(IMethodSymbol method, IOperation? instance)
    {
        method = method.OriginalDefinition;
        if (_methods.TryGetValue(method, out var known))
        {
            return known;
        }

        _methods.Add(method, true); // Code that calls itself adds nothing.
        var quick = method switch
        {
            { MethodKind: MethodKind.LocalFunction } => true, // Its body stands in what is looked at.
            { MethodKind: MethodKind.DelegateInvoke } => false,
            _ when method.GetDllImportData() is not null || method.IsExtern => false,
            _ when method.DeclaringSyntaxReferences.IsEmpty => method.IsImplicitlyDeclared || IsQuickElsewhere(method),
            _ when !IsOpen(method, instance) => IsQuickHere(method),
            _ => !IsSeenOutside(method.ContainingType) && ImplementationsOf(method).All(IsQuickHere),
        };
        _methods[method] = quick;
        return quick;
    }

    /// <summary>Whether another method may run than the one that is named.</summary>
    private static bool IsOpen(IMethodSymbol method, IOperation? instance) => !method.ContainingType.IsSealed
        && (method.IsVirtual || method.IsAbstract || method.IsOverride) && instance?.Syntax is not BaseExpressionSyntax;

    private bool IsQuickHere(IMethodSymbol method) => method.IsAbstract || method.IsImplicitlyDeclared || (
        !(method.IsPartialDefinition && method.PartialImplementationPart is null)
        && (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is { } syntax
        && (syntax is AccessorDeclarationSyntax { Body: null, ExpressionBody: null } or ClassDeclarationSyntax or StructDeclarationSyntax
            or RecordDeclarationSyntax || Is(syntax)));

    private static bool IsSeenOutside(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The method itself and what the compilation puts in its place.</summary>
    private IEnumerable<IMethodSymbol> ImplementationsOf(IMethodSymbol method)
    {
        yield return method;
        var name = method.Name.Substring(method.Name.LastIndexOf('.') + 1);
        foreach (var found in SourceMembers.Named(name, compilation, gates.Known, cancel))
        {
            if (found is IMethodSymbol other && (IsOverride(other, method)
                || Operations.Same(other.ContainingType.FindImplementationForInterfaceMember(method)?.OriginalDefinition, other)))
            {
                yield return other;
            }
        }
    }

    private static bool IsOverride(IMethodSymbol method, IMethodSymbol of)
    {
        for (var old = method.OverriddenMethod; old is not null; old = old.OverriddenMethod)
        {
            if (Operations.Same(old.OriginalDefinition, of))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the framework: collections, text, numbers, atomic operations, memory.</summary>
    private static bool IsQuickElsewhere(IMethodSymbol method)
    {
        var type = method.ContainingType;
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return space switch
        {
            "System.Collections" or "System.Collections.Generic" or "System.Collections.Immutable" or "System.Collections.Specialized"
                or "System.Collections.ObjectModel" or "System.Linq" or "System.Text" or "System.Numerics"
                or "System.Runtime.CompilerServices" or "System.Buffers" or "System.Globalization" => true,
            "System.Collections.Concurrent" => type.Name != "BlockingCollection",
            "System" => type.TypeKind != TypeKind.Interface && type.Name is not ("Console" or "Lazy" or "Activator" or "AppDomain")
                && !Vocabulary.IsWait(method) && !(type.Name == "GC" && method.Name == "Collect"),
            "System.Runtime.InteropServices" => !method.Name.Contains("Com") && method.Name != "Release",
            "System.Diagnostics" => type.Name is "Debug" or "Stopwatch",
            "System.Threading" => type.Name is "Interlocked" or "Volatile"
                || method.Name is "Exit" or "Pulse" or "PulseAll" or "Set" or "Reset" or "Release" or "get_CurrentThread"
                or "get_ManagedThreadId" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem",
            _ => false,
        };
    }
}
