using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// A thread that runs a method of the object keeps the object alive as long as it runs: when the finalizer comes to wait for it,
/// it has ended.
/// </summary>
internal static class OwnThread
{
    public static bool IsJoined(IInvocationOperation call, CallFrame frame) => frame.HopsAway == 0 && call switch
    {
        { TargetMethod: { Name: "Join", ContainingType.Name: "Thread" } or { Name: "Wait", ContainingType.Name: "Task" },
            Instance: { } thread } => IsOwn(thread, frame),
        { TargetMethod: { Name: "WaitAny" or "WaitAll", ContainingType.Name: "Task" }, Arguments: { Length: > 0 } arguments } =>
            ElementsOf(arguments[0].Value) is { Count: > 0 } tasks && tasks.TrueForAll(task => IsOwn(task, frame)),
        _ => false,
    };

    private static bool IsOwn(IOperation thread, CallFrame frame) =>
        Provenance.OwnMember(thread, frame) is { Member: var member } && member is IFieldSymbol or IPropertySymbol
        && Members.ValuesOf(member, frame.Known).Select(static value => Made(value)).Where(static value => !Syntaxes.IsNull(value)).ToList()
            is { Count: > 0 } values
        && values.TrueForAll(value => RunsOn(value, member.ContainingType));

    /// <summary>The tasks that are put into an array, or whatever else is made, at the call.</summary>
    private static List<IOperation> ElementsOf(IOperation value)
    {
        List<IOperation> tasks = [];
        foreach (var part in value.DescendantsAndSelf())
        {
            if (part.Type?.Name == "Task" && part.Parent?.Type?.Name != "Task")
            {
                tasks.Add(part);
            }
        }

        return tasks;
    }

    /// <summary>What a local was made as that is stored then.</summary>
    private static ExpressionSyntax Made(ExpressionSyntax value)
    {
        if (value is IdentifierNameSyntax { Identifier.ValueText: var name } && Syntaxes.FunctionOf(value) is { } function)
        {
            foreach (var node in function.DescendantNodes())
            {
                if (node is VariableDeclaratorSyntax { Initializer.Value: var made } local && local.Identifier.ValueText == name)
                {
                    return made;
                }
            }
        }

        return value;
    }

    private static bool RunsOn(ExpressionSyntax value, INamedTypeSymbol type) => value switch
    {
        ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } made
            when Syntaxes.NameOf(made.Type) is "Thread" or "Task" => IsBound(arguments[0].Expression, type),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Run" or "StartNew" },
            ArgumentList.Arguments: { Count: > 0 } arguments } => IsBound(arguments[0].Expression, type),
        _ => false,
    };

    /// <summary>A method or lambda that runs to its end with the object: none that awaits, since nothing runs meanwhile.</summary>
    private static bool IsBound(ExpressionSyntax start, INamedTypeSymbol type) => start switch
    {
        ObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } inner } => IsBound(inner[0].Expression, type),
        CastExpressionSyntax cast => IsBound(cast.Expression, type),
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.None)
            && lambda.DescendantNodes().Any(node => node is ThisExpressionSyntax or BaseExpressionSyntax
                || (node is IdentifierNameSyntax { Identifier.ValueText: var name, Parent: not MemberAccessExpressionSyntax } own
                    && MemberNamed(name, type) is { IsStatic: false })
                || (node is IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax access } first && access.Expression == first
                    && MemberNamed(first.Identifier.ValueText, type) is { IsStatic: false })),
        _ => Syntaxes.OwnNameOf(start) is { } method && MemberNamed(method, type) is IMethodSymbol { IsStatic: false, IsAsync: false },
    };

    private static ISymbol? MemberNamed(string name, INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(name).FirstOrDefault() is { } member)
            {
                return member;
            }
        }

        return null;
    }
}
