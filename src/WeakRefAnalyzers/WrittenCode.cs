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
    public override void RegisterOperationAction(Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds)
    {
        Func<OperationAnalysisContext, OperationAnalysisContext> heard = context => new(context.Operation, context.ContainingSymbol,
            context.Compilation, context.Options, Written(context.ReportDiagnostic, context.CancellationToken), static _ => true,
            context.CancellationToken);
        start.RegisterOperationAction(context => Run(context.Operation.Syntax.SyntaxTree, context, action, heard), operationKinds);
    }

    public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action)
    {
        Func<OperationBlockAnalysisContext, OperationBlockAnalysisContext> heard = context => new(context.OperationBlocks,
            context.OwningSymbol, context.Compilation, context.Options, Written(context.ReportDiagnostic, context.CancellationToken),
            static _ => true, context.CancellationToken);
        start.RegisterOperationBlockAction(context =>
            Run(context.OperationBlocks.IsEmpty ? null : context.OperationBlocks[0].Syntax.SyntaxTree, context, action, heard));
    }

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds)
    {
        Func<SyntaxNodeAnalysisContext, SyntaxNodeAnalysisContext> heard = context => new(context.Node, context.ContainingSymbol,
            context.SemanticModel, context.Options, Written(context.ReportDiagnostic, context.CancellationToken), static _ => true,
            context.CancellationToken);
        start.RegisterSyntaxNodeAction(context => Run(context.Node.SyntaxTree, context, action, heard), syntaxKinds);
    }

    public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds)
    {
        Func<SymbolAnalysisContext, SymbolAnalysisContext> heard = context => new(context.Symbol, context.Compilation, context.Options,
            Written(context.ReportDiagnostic, context.CancellationToken), static _ => true, context.CancellationToken);
        start.RegisterSymbolAction(
            context => Run(context.Symbol.Locations.FirstOrDefault()?.SourceTree, context, action, heard), symbolKinds);
    }

    public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
        Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => throw new NotSupportedException();

    /// <summary>The action as it is where all is written, with its reports heard first where some is, else not at all.</summary>
    private void Run<TContext>(SyntaxTree? tree, TContext context, Action<TContext> action, Func<TContext, TContext> heard)
    {
        if (tree is null || !generated.IsIn(tree))
        {
            action(context);
        }
        else if (!generated.IsAllOf(tree))
        {
            action(heard(context));
        }
    }

    private Action<Diagnostic> Written(Action<Diagnostic> report, CancellationToken cancel) => diagnostic =>
    {
        if (generated.IsWritten(diagnostic.Location, cancel))
        {
            report(diagnostic);
        }
    };
}
