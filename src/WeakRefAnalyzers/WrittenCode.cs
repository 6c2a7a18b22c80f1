using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers;

#pragma warning disable CS0618 // There is no other way to hear what an action reports; the compiler's own flags know whole files only.
#pragma warning disable RS1012 // It hands on what others register.

/// <summary>
/// Registers actions that hear only of code which a person wrote. A file of which nothing is generated costs them one look-up; in one
/// that is generated through and through they do not run.
/// </summary>
internal sealed class WrittenCode(CompilationStartAnalysisContext start, GeneratedCode generated)
    : CompilationStartAnalysisContext(start.Compilation, start.Options, start.CancellationToken)
{
    public override void RegisterOperationAction(
        Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
        start.RegisterOperationAction(
            context =>
            {
                var tree = context.Operation.Syntax.SyntaxTree;
                if (!generated.IsIn(tree))
                {
                    action(context);
                }
                else if (!generated.IsAllOf(tree))
                {
                    action(new OperationAnalysisContext(context.Operation, context.ContainingSymbol, context.Compilation, context.Options,
                        Written(context.ReportDiagnostic, context.CancellationToken), static _ => true, context.CancellationToken));
                }
            },
            operationKinds);

    public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
        start.RegisterOperationBlockAction(context =>
        {
            var tree = context.OperationBlocks.IsEmpty ? null : context.OperationBlocks[0].Syntax.SyntaxTree;
            if (tree is null || !generated.IsIn(tree))
            {
                action(context);
            }
            else if (!generated.IsAllOf(tree))
            {
                action(new OperationBlockAnalysisContext(context.OperationBlocks, context.OwningSymbol, context.Compilation,
                    context.Options, Written(context.ReportDiagnostic, context.CancellationToken), static _ => true,
                    context.CancellationToken));
            }
        });

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
        start.RegisterSyntaxNodeAction(
            context =>
            {
                var tree = context.Node.SyntaxTree;
                if (!generated.IsIn(tree))
                {
                    action(context);
                }
                else if (!generated.IsAllOf(tree))
                {
                    action(new SyntaxNodeAnalysisContext(context.Node, context.ContainingSymbol, context.SemanticModel, context.Options,
                        Written(context.ReportDiagnostic, context.CancellationToken), static _ => true, context.CancellationToken));
                }
            },
            syntaxKinds);

    public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
        start.RegisterSymbolAction(
            context =>
            {
                var tree = context.Symbol.Locations.FirstOrDefault()?.SourceTree;
                if (tree is null || !generated.IsIn(tree))
                {
                    action(context);
                }
                else if (!generated.IsAllOf(tree))
                {
                    action(new SymbolAnalysisContext(context.Symbol, context.Compilation, context.Options,
                        Written(context.ReportDiagnostic, context.CancellationToken), static _ => true, context.CancellationToken));
                }
            },
            symbolKinds);

    public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
        Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => throw new NotSupportedException();

    private Action<Diagnostic> Written(Action<Diagnostic> report, CancellationToken cancel) => diagnostic =>
    {
        if (generated.IsWritten(diagnostic.Location, cancel))
        {
            report(diagnostic);
        }
    };
}
