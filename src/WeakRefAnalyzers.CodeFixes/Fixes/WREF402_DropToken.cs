using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Registers without a token where the token given cannot be used. What the same block unregisters by it is unregistered
/// by what <c>Register</c> returned; a token that is asked for elsewhere stays, or that call would be for ever false.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF402_DropToken() : WeakFix("Register without a token", "WREF402")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<ArgumentSyntax>()
            is not { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list } argument
            || !SpareLocal.IsWithoutEffect(site, argument.Expression))
        {
            return null;
        }

        // There must be a Register that takes the rest.
        var shorter = call.WithArgumentList(list.WithArguments(list.Arguments.Remove(argument)));
        if (site.Model.GetSpeculativeSymbolInfo(call.SpanStart, shorter, SpeculativeBindingOption.BindAsExpression)
            .Symbol is not IMethodSymbol { Name: "Register" } register)
        {
            return null;
        }

        var calls = CallsOf(site, call);
        if (calls.Exists(static other => NameOf(other) == "Unregister"))
        {
            return KeepRegistration(site, call, argument, register, calls);
        }

        // A local that was made for this alone goes with it.
        if (SpareLocal.Of(site, argument.Expression, uses: 1) is { } spare)
        {
            return new FixEdit(spare.Parent!, editor =>
            {
                editor.RemoveNode(spare, SyntaxRemoveOptions.KeepNoTrivia);
                editor.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia);
            });
        }

        return new FixEdit(list, editor => editor.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia));
    }

    private static FixEdit? KeepRegistration(FixSite site, InvocationExpressionSyntax call, ArgumentSyntax argument, IMethodSymbol register,
        List<InvocationExpressionSyntax> calls)
    {
        if (call.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement || !HasUnregister(register.ReturnType))
        {
            return null;
        }

        // Everything that gives or asks for this token must be in sight; other tokens are other registrations'.
        var same = calls.Where(other => other != call
            && other.ArgumentList.Arguments.Any(given => SyntaxFactory.AreEquivalent(given.Expression, argument.Expression))).ToList();
        if (same.Count == 0 || same.Exists(other => NameOf(other) != "Unregister" || other.ArgumentList.Arguments.Count != 1
            || !block.Span.Contains(other.Span) || other.SpanStart < call.Span.End)
            || calls.Exists(other => NameOf(other) == "Unregister" && !same.Contains(other)))
        {
            return null;
        }

        var name = UnusedName.ForLocal(site, call, "registration");
        var kept = SyntaxFactory.ParseStatement($"{CodeStyle.Local(site, register.ReturnType)} {name} = x;");
        kept = kept.ReplaceNode(((LocalDeclarationStatementSyntax)kept)
            .Declaration.Variables[0].Initializer!.Value, call.WithArgumentList(Without(call.ArgumentList, argument)).WithoutTrivia());
        var spare = SpareLocal.Of(site, argument.Expression, same.Count + 1);
        return new FixEdit(block, editor =>
        {
            if (spare is not null)
            {
                editor.RemoveNode(spare, SyntaxRemoveOptions.KeepNoTrivia);
            }

            editor.ReplaceNode(statement, kept.WithTriviaFrom(statement).WithAdditionalAnnotations(Simplifier.Annotation));
            foreach (var other in same)
            {
                editor.ReplaceNode(other, SyntaxFactory.ParseExpression(name + ".Unregister()").WithTriviaFrom(other));
            }
        })
        {
            Nodes = spare is null ? [statement, .. same] : [spare, statement, .. same],
        };
    }

    private static ArgumentListSyntax Without(ArgumentListSyntax list, ArgumentSyntax argument) =>
        list.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia)!;

    private static bool HasUnregister(ITypeSymbol type) => type.GetMembers("Unregister").Any(static member =>
        member is IMethodSymbol { Parameters.IsEmpty: true, IsStatic: false, DeclaredAccessibility: Accessibility.Public,
            ReturnType.SpecialType: SpecialType.System_Boolean });

    /// <summary>The calls on the same registry, in the type around or, of a local, in its member.</summary>
    private static List<InvocationExpressionSyntax> CallsOf(FixSite site, InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Expression: var receiver }
            || site.Model.GetSymbolInfo(receiver, site.Cancel).Symbol is not { } registry)
        {
            return [];
        }

        var scope = registry is ILocalSymbol or IParameterSymbol ? UnusedName.MemberOf(site, call) : site.Root;
        return [.. scope.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(other => NameOf(other) is "Register" or "Unregister"
            && registry.Equals(site.Model.GetSymbolInfo(((MemberAccessExpressionSyntax)other.Expression).Expression, site.Cancel)
                .Symbol, SymbolEqualityComparer.Default))];
    }

    private static string? NameOf(InvocationExpressionSyntax call) =>
        (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText;
}
