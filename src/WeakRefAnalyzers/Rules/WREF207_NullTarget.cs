using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF207_NullTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF207",
        "Weak target that is null from the start",
        "'{0}' is null for a delegate of a static method: {1}; ask for null or Method.IsStatic first and hold such a delegate itself",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Delegate.Target is null for a static method. A weak reference to null cannot be told from one whose target "
            + "died, so that a handler that could be called is taken for dead.",
        helpLinkUri: HelpLink("WREF207"), customTags: Tags("WREF207"));

    public override void Start(Subscriptions on) => on.OnTarget((target, context) => Analyze(target, on.Known, context));

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        if (target.Kind is WeakTargetKind.Reference or WeakTargetKind.Handle
            && DelegateTarget(target.Value) is { } read && !IsNullExpected(target, context.Compilation)
            && !IsKnown(read) && !IsAsked(target.Value, read, context.Compilation, known, context.CancellationToken))
        {
            var what = target.Operation.Type is { Name: "WeakRef", ContainingNamespace.Name: "WeakRefs" }
                ? "a WeakRef of null throws" : "the weak reference is empty from the start, and a live handler looks dead";
            context.ReportDiagnostic(
                Diagnostic.Create(Descriptor, target.Value.Syntax.GetLocation(), Text.Of(read.Syntax), what));
        }
    }

    private static IPropertyReferenceOperation? DelegateTarget(IOperation value) =>
        Provenance.Of(value) is IPropertyReferenceOperation { Property: { Name: "Target" } property } read
            && property.ContainingType.SpecialType is SpecialType.System_Delegate or SpecialType.System_MulticastDelegate ? read : null;

    /// <summary>A type of source that says that it takes null; the framework's own says so as well and means nothing by it.</summary>
    private static bool IsNullExpected(WeakTarget target, Compilation compilation)
    {
        for (var value = target.Value.Parent; value is not null && value != target.Operation.Parent; value = value.Parent)
        {
            if (value is IArgumentOperation { Parameter: { } parameter })
            {
                return Operations.Same(parameter.ContainingAssembly, compilation.Assembly)
                    && parameter.NullableAnnotation == NullableAnnotation.Annotated;
            }
        }

        return false;
    }

    /// <summary>The delegate is made here, so that it is known what of.</summary>
    private static bool IsKnown(IPropertyReferenceOperation read) =>
        read.Instance is not { } instance || Provenance.Of(instance) is IDelegateCreationOperation or IMethodReferenceOperation
            or IAnonymousFunctionOperation;

    /// <summary>The type, or one of the file that makes it, knows that there are static methods.</summary>
    private static bool IsAsked(
        IOperation value,
        IPropertyReferenceOperation read,
        Compilation compilation,
        KnownFacts known,
        CancellationToken cancel)
    {
        if (read.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
        {
            return true;
        }

        while (type.Parent is TypeDeclarationSyntax outer)
        {
            type = outer;
        }

        var root = read.Syntax.SyntaxTree.GetRoot(cancel);
        if (Has(type, static name => name.IndexOf("static", StringComparison.OrdinalIgnoreCase) >= 0 || name == "MethodAttributes")
            || Members.Named("IsStatic", root, known).Any(use => use.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } other
                && other.Identifier.ValueText != type.Identifier.ValueText && Has(other, name => name == type.Identifier.ValueText)))
        {
            return true;
        }

        foreach (var use in Members.Named("Target", type, known))
        {
            var named = use.Parent as MemberBindingExpressionSyntax ?? Syntaxes.Qualified(use);
            if (IsTested(named) && Operations.Of(compilation, named, cancel) is { } operation && DelegateTarget(operation) is not null)
            {
                return true;
            }
        }

        return Operations.Inner(value) is ILocalReferenceOperation local && Values.In(local, known).UsesOf(local.Local).Any(use =>
            use.Syntax is ExpressionSyntax syntax && IsTested(syntax));
    }

    private static bool Has(SyntaxNode part, Func<string, bool> isIt)
    {
        foreach (var token in part.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken) && isIt(token.ValueText))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Compared, matched, or used only if it is not null.</summary>
    private static bool IsTested(ExpressionSyntax value) => Whole(value).Parent switch
    {
        BinaryExpressionSyntax binary => binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression
            or SyntaxKind.CoalesceExpression,
        ConditionalAccessExpressionSyntax access => access.Expression == Whole(value),
        IsPatternExpressionSyntax or SwitchExpressionSyntax or SwitchStatementSyntax => true,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } =>
            Syntaxes.NameOf(call.Expression) is "ReferenceEquals" or "ThrowIfNull" or "Equals" or "NotNull" or "IsNull",
        _ => false,
    };

    private static ExpressionSyntax Whole(ExpressionSyntax value)
    {
        while (value.Parent is ConditionalAccessExpressionSyntax { WhenNotNull: var then } && then == value
            || value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax)
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value;
    }
}
