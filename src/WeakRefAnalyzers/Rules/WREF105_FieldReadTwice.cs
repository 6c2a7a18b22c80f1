using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF105_FieldReadTwice() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF105",
        "Reference field read twice",
        "'{0}' may be null here although it was tested, since '{1}' can set it to null in between; copy the field to a local, "
            + "and test and use that",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A field that one method tests and then reads again may be reset by another method on another thread in between.",
        helpLinkUri: HelpLink("WREF105"), customTags: Tags("WREF105"));

    public override void Start(Subscriptions on) => on.OnRead((read, context) =>
    {
        if (read is { Wrapper: null,
            Receiver: IFieldReferenceOperation { Field: { IsReadOnly: false, DeclaringSyntaxReferences.Length: 1 } field, Instance: null
            or IInstanceReferenceOperation } receiver }
            && receiver.Syntax is ExpressionSyntax syntax && Syntaxes.FunctionOf(syntax) is { } body
                && AreSeveral(field, syntax, on.Known) && FieldPairs.TestOf(field, syntax, body, on.Known) is { } test)
        {
            Analyze(field, syntax, test, on.Known, context);
        }
    });

    private static void Analyze(IFieldSymbol field, ExpressionSyntax read, ExpressionSyntax test, KnownFacts known,
        OperationBlockAnalysisContext context)
    {
        if (FieldPairs.Reset(field, read, context.Compilation, known, context.CancellationToken) is not { } reset || HasThread(read)
            || HasThread(reset))
        {
            return;
        }

        var member = reset.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            DestructorDeclarationSyntax finalizer => "~" + finalizer.Identifier.ValueText,
            _ => reset.ToString(),
        };
        context.ReportDiagnostic(Related.Report(Descriptor, read.GetLocation(), [(Place.Test, test), (Place.Replacement, reset)],
            read.ToString(), member));
    }

    private static bool AreSeveral(IFieldSymbol field, SyntaxNode read, KnownFacts known) =>
        KnowsThreads(field.ContainingType, known) && !IsLocked(read) && !IsThreadStatic(field);

    /// <summary>Something in the type says that more than one thread comes here: a lock, a finalizer, work for the thread pool.</summary>
    private static bool KnowsThreads(INamedTypeSymbol type, KnownFacts known)
    {
        foreach (var part in Members.Outermost(type).DeclaringSyntaxReferences)
        {
            if (known.Of(part.GetSyntax(), static part => new Threads(KnowsThreads(part))).AreSeveral)
            {
                return true;
            }
        }

        return false;
    }

    private static bool KnowsThreads(SyntaxNode part)
    {
        foreach (var token in part.DescendantTokens())
        {
            switch ((SyntaxKind)token.RawKind)
            {
                case SyntaxKind.LockKeyword or SyntaxKind.VolatileKeyword or SyntaxKind.AsyncKeyword:
                case SyntaxKind.TildeToken when token.Parent is DestructorDeclarationSyntax:
                case SyntaxKind.IdentifierToken when Vocabulary.IsOfThreads(token.ValueText):
                    return true;
            }
        }

        return false;
    }

    private sealed record Threads(bool AreSeveral);

    private static bool IsLocked(SyntaxNode node) =>
        node.FirstAncestorOrSelf<LockStatementSyntax>() is not null
            || node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.AttributeLists.ToString().Contains("Synchronized") == true;

    /// <summary>The member checks that it runs on its object's own thread.</summary>
    private static bool HasThread(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().Any(inner =>
            inner is InvocationExpressionSyntax call && Syntaxes.NameOf(call.Expression) is "VerifyAccess" or "CheckAccess") == true;

    private static bool IsThreadStatic(IFieldSymbol field) =>
        field.IsStatic && field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute");
}
