using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF304_WeakAndStrong() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF304",
        "Weakly held object is held strongly as well",
        "'{0}' keeps this object {1}, so the weak reference cannot see it die before; keep one of the two",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A weak reference is of use only while nothing long-lived holds its target strongly. A target that is read "
            + "and put into a static member, or that the same type keeps in a field next to the weak reference, stays alive all the same.",
        helpLinkUri: HelpLink("WREF304"), customTags: Tags("WREF304"));

    public override void Start(Subscriptions on)
    {
        on.OnRead((read, context) => Analyze(read, on.Known, context));
        on.OnTarget((target, context) => Analyze(target, on.Known, context));
    }

    /// <summary>The target is read, and goes into a static member.</summary>
    private static void Analyze(WeakRead read, KnownFacts known, OperationBlockAnalysisContext context)
    {
        var value = read.Kind == WeakReadKind.Value ? read.Operation : read.Kind == WeakReadKind.Try ? read.Out : null;
        if (value is null)
        {
            return;
        }

        var store = StrongStores.StaticStoreOf(value);
        if (store is null && StrongStores.LocalOf(value) is { } local)
        {
            foreach (var use in Values.In(value, known).UsesOf(local, value.Syntax.Span.End))
            {
                store = StrongStores.StaticStoreOf(use);
                if (store is not null || Operations.WriteTo(use) is not null)
                {
                    break;
                }
            }
        }

        if (store is { } found && !StrongStores.IsReleased(found.Member, found.Where.Syntax, anyAssignment: false, known))
        {
            Report(read.Operation, found.Member, found.Where.Syntax, context.ReportDiagnostic);
        }
    }

    /// <summary>The reference is made for a field, and another field of the object gets the target too.</summary>
    private static void Analyze(WeakTarget made, KnownFacts known, OperationAnalysisContext context)
    {
        if (made.Kind != WeakTargetKind.Reference || made.Operation is not IObjectCreationOperation
            || Reference.Of(made.Value, known) is not { } target
            || WeakTargets.HolderOf(made, known) is not
                { Segment: IFieldSymbol { IsStatic: false } reference, Parent: { Parent: null } owner }
                || !owner.Equals(Reference.This) || IsHandedOut(reference, known))
        {
            return;
        }

        if (target is { Segment: IFieldSymbol { IsReadOnly: true, IsStatic: false } own } && owner.Equals(target.Parent))
        {
            Report(made.Operation, own, made.Value.Syntax, context.ReportDiagnostic);
            return;
        }

        foreach (var operation in Operations.RootOf(made.Operation).Descendants())
        {
            if (operation is ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Instance: IInstanceReferenceOperation,
                Field: var field } } assignment
                && target.Equals(Reference.Of(assignment.Value, known))
                && !StrongStores.IsReleased(field, assignment.Syntax, anyAssignment: true, known))
            {
                Report(made.Operation, field, assignment.Syntax, context.ReportDiagnostic);
                return;
            }
        }
    }

    /// <summary>Others get the reference, for whom it may well be weak.</summary>
    private static bool IsHandedOut(IFieldSymbol reference, KnownFacts known) => reference.DeclaredAccessibility != Accessibility.Private
        || Members.UsesOf(reference, known).Any(static name =>
            Syntaxes.Qualified(name).Parent is not (MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax
            or AssignmentExpressionSyntax));

    private static void Report(IOperation where, ISymbol member, SyntaxNode store, Action<Diagnostic> report) =>
        report(Diagnostic.Create(Descriptor, where.Syntax.GetLocation(), [store.GetLocation()], member.Name,
            member.IsStatic ? "for as long as the program runs" : $"for as long as the '{member.ContainingType.Name}' lives"));
}
