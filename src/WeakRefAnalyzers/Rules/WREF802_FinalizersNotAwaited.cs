using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF802_FinalizersNotAwaited() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF802",
        "Finalizers not awaited",
        "'{0}' is written by {1}, which runs on another thread some time after GC.Collect returned; {2} before reading it",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "GC.Collect only finds the dead objects. Their finalizers, and cleanup callbacks, run afterwards on other "
            + "threads, and what they write may not be there yet.",
        helpLinkUri: HelpLink("WREF802"), customTags: Tags("WREF802"));

    public override Mention Needs => Mention.Collection;

    public override void Start(Subscriptions on)
    {
        var writes = new CleanupWrites(on.Compilation, on.Roles, on.Known);
        on.OnCallInBody("Collect", (call, context) =>
        {
            if (call is { TargetMethod.ContainingType: { Name: "GC", ContainingNamespace.Name: "System" }, SemanticModel: { } model,
                Syntax: InvocationExpressionSyntax syntax } && Syntaxes.FunctionOf(syntax) is { } body)
            {
                Analyze(syntax, new CollectionSite(body, model, on.Known, context.CancellationToken), model, writes, context);
            }
        });
    }

    private static void Analyze(InvocationExpressionSyntax collect, CollectionSite frame, SemanticModel model, CleanupWrites writes,
        OperationBlockAnalysisContext context)
    {
        // Collect, wait, collect: what was dead at the first one is finalized.
        var names = writes.NamesIn(collect.SyntaxTree, context.CancellationToken);
        if (!frame.Between(collect.Span.End, int.MaxValue).Any(node => node is IdentifierNameSyntax name && IsCandidate(name, names))
            || frame.Between(frame.Body.SpanStart, collect.SpanStart).Any(frame.Waits) || IsRepeated(frame.Body))
        {
            return;
        }

        var finalized = frame.Between(frame.Body.SpanStart, collect.SpanStart).Any(frame.WaitsForFinalizers);

        var loop = collect.FirstAncestorOrSelf<StatementSyntax>(statement =>
            statement is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax);
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var node in frame.Between(collect.Span.End, int.MaxValue))
        {
            if (frame.Waits(node) || node is InvocationExpressionSyntax again && CollectionSite.IsCollect(again))
            {
                return;
            }

            finalized |= frame.WaitsForFinalizers(node);

            // A loop around the collection that asks for it, polls.
            if (node is IdentifierNameSyntax name && IsCandidate(name, names) && Read(name) is { } read
                && VariableOf(model.GetOperation(read, context.CancellationToken)) is { } variable && seen.Add(variable)
                && loop?.DescendantTokens().Any(token => token.ValueText == variable.Name) != true
                && writes.Of(variable, collect, context.CancellationToken) is var (write, byRegistry) && (byRegistry || !finalized))
            {
                var writer = byRegistry ? "a cleanup callback"
                    : write.FirstAncestorOrSelf<DestructorDeclarationSyntax>() is { } finalizer
                        ? $"the finalizer of '{finalizer.Identifier.ValueText}'" : "a finalizer";
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    read.GetLocation(),
                    [write.GetLocation(), collect.GetLocation()],
                    read.ToString(),
                    writer,
                    byRegistry ? "poll with a time limit, or call CleanupSome," : "call GC.WaitForPendingFinalizers"));
                return;
            }
        }
    }

    /// <summary>A condition that <c>SpinUntil</c>, <c>WaitFor</c> or <c>Eventually</c> asks again and again.</summary>
    private static bool IsRepeated(SyntaxNode function) =>
        function is AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } }
        && Syntaxes.NameOf(call.Expression) is { } name && Vocabulary.IsRetry(name);

    /// <summary>Written late in this file, or a static member that may be declared in another one.</summary>
    private static bool IsCandidate(IdentifierNameSyntax name, HashSet<string> names) => names.Contains(name.Identifier.ValueText)
        || (name.Parent is MemberAccessExpressionSyntax { Expression: SimpleNameSyntax type,
            Parent: not InvocationExpressionSyntax } access && access.Name == name && type.Identifier.ValueText is { Length: > 0 } text
            && char.IsUpper(text[0]));

    /// <summary>The expression that reads a variable; null for a write, or for the receiver's part of one.</summary>
    private static ExpressionSyntax? Read(IdentifierNameSyntax name)
    {
        var expression = Syntaxes.Qualified(name);
        return expression.Parent is AssignmentExpressionSyntax assignment && assignment.Left == expression ? null : expression;
    }

    private static ISymbol? VariableOf(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Field: { IsConst: false, IsReadOnly: false }
            or { IsReadOnly: true, Type.IsReferenceType: true } } field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Property.DeclaringSyntaxReferences.Length: > 0 } property => property.Property.OriginalDefinition,
        _ => null,
    };
}
