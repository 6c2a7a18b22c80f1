using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Which types have a finalizer that may run before another one of the same collection.</summary>
internal static class Finalizable
{
    /// <summary>
    /// Whether instances have an ordinary finalizer that leaves them unusable. Not for SafeHandle and other critical
    /// finalizers, which run after all ordinary ones, nor for types whose finalizer takes nothing away.
    /// </summary>
    public static bool IsOrdinary(ITypeSymbol? type, CancellationToken cancel) => Declaring(type, cancel) is not null;

    /// <summary>The type or base that declares the finalizer.</summary>
    public static INamedTypeSymbol? Declaring(ITypeSymbol? type, CancellationToken cancel)
    {
        INamedTypeSymbol? found = null;
        for (var current = Class(type); current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            if (current.Name == "CriticalFinalizerObject" || IsHarmless(current))
            {
                return null;
            }

            found ??= HasFinalizer(current, cancel) ? current : null;
        }

        return found;
    }

    /// <summary>Whether a critical finalizer (SafeHandle's kind) is among the type's bases.</summary>
    public static bool IsCritical(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == "CriticalFinalizerObject")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type is a SafeHandle, whose use by native code is counted.</summary>
    public static bool IsSafeHandle(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: "SafeHandle", ContainingNamespace.Name: "InteropServices" })
            {
                return true;
            }
        }

        return false;
    }

    private static INamedTypeSymbol? Class(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Class } named => named,
        ITypeParameterSymbol parameter =>
            parameter.ConstraintTypes.OfType<INamedTypeSymbol>().FirstOrDefault(constraint => constraint.TypeKind == TypeKind.Class),
        _ => null,
    };

    private static bool HasFinalizer(INamedTypeSymbol type, CancellationToken cancel)
    {
        foreach (var member in type.GetMembers(WellKnownMemberNames.DestructorName))
        {
            if (member is IMethodSymbol { Parameters.IsEmpty: true, ReturnsVoid: true, IsStatic: false } method
                && (method.MethodKind == MethodKind.Destructor || method.IsOverride)
                && !IsEmpty(method, cancel))
            {
                return true;
            }
        }

        return IsHidden(type);
    }

    private static bool IsEmpty(IMethodSymbol finalizer, CancellationToken cancel) =>
        !finalizer.DeclaringSyntaxReferences.IsEmpty
        && finalizer.DeclaringSyntaxReferences[0].GetSyntax(cancel) is DestructorDeclarationSyntax { ExpressionBody: null } syntax
        && syntax.Body?.Statements.Any(statement => !TakesNothing(statement, finalizer.ContainingType)) != true;

    /// <summary>What can be done to the object before, can be done after it as well.</summary>
    private static bool TakesNothing(StatementSyntax statement, INamedTypeSymbol type) => statement switch
    {
        BlockSyntax block => block.Statements.All(inner => TakesNothing(inner, type)),
        IfStatementSyntax { Else: null } @if => IsPlain(@if.Condition) && TakesNothing(@if.Statement, type),
        WhileStatementSyntax loop => IsPlain(loop.Condition) && TakesNothing(loop.Statement, type),
        _ => IsUnsubscription(statement) || IsEmptying(statement, type),
    };

    private static bool IsPlain(ExpressionSyntax condition) =>
        !condition.DescendantNodesAndSelf().Any(static node => node is InvocationExpressionSyntax or AssignmentExpressionSyntax);

    /// <summary>Takes entries out of a list of its own, which is there as before.</summary>
    private static bool IsEmptying(StatementSyntax statement, INamedTypeSymbol type) => statement is ExpressionStatementSyntax
        { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax
            { Name.Identifier.ValueText: "Clear" or "RemoveAt" } called } }
        && Syntaxes.OwnNameOf(called.Expression) is { } name
        && type.GetMembers(name).FirstOrDefault() is IFieldSymbol { Type.ContainingNamespace: { } place }
        && place.ToDisplayString() is "System.Collections" or "System.Collections.Generic";

    /// <summary>Takes a handler off another object's event, and nothing away from this one.</summary>
    private static bool IsUnsubscription(StatementSyntax statement) => statement is ExpressionStatementSyntax
        { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SubtractAssignmentExpression,
            Right: IdentifierNameSyntax or MemberAccessExpressionSyntax } };

    /// <summary>Finalizers that leave the object as usable as before.</summary>
    private static bool IsHarmless(INamedTypeSymbol type) => type.Name switch
    {
        "Thread" or "LocalDataStoreSlot" => IsIn(type, "Threading", "System") || IsIn(type, "System", ""),
        "BackgroundWorker" => IsIn(type, "ComponentModel", "System"),
        "EventSource" => IsIn(type, "Tracing", "Diagnostics"),
        "AssemblyLoadContext" => IsIn(type, "Loader", "Runtime"),
        _ => false,
    };

    /// <summary>Finalizers that some reference assemblies leave out.</summary>
    private static bool IsHidden(INamedTypeSymbol type) => type.Name switch
    {
        "FileStream" => IsIn(type, "IO", "System"),
        "FileSystemEnumerator" => IsIn(type, "Enumeration", "IO"),
        "AnonymousPipeClientStream" or "AnonymousPipeServerStream" or "NamedPipeClientStream" or "NamedPipeServerStream" =>
            IsIn(type, "Pipes", "IO"),
        "Socket" or "TcpClient" or "NetworkStream" => IsIn(type, "Sockets", "Net"),
        "Component" => IsIn(type, "ComponentModel", "System"),
        "WeakReference" => IsIn(type, "System", ""),
        "Image" or "Brush" or "Pen" or "Font" or "Graphics" or "Icon" => IsIn(type, "Drawing", "System"),
        _ => false,
    };

    private static bool IsIn(INamedTypeSymbol type, string inner, string outer) =>
        type.ContainingType is null && type.ContainingNamespace.Name == inner
            && type.ContainingNamespace.ContainingNamespace?.Name == outer && type.DeclaringSyntaxReferences.IsEmpty;
}
