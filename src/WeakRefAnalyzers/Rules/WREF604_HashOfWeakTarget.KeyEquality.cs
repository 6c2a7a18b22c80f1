using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Equality of keys that hold their targets weakly.</summary>
internal static class KeyEquality
{
    /// <summary>What a dictionary asks: <c>Equals</c> of the key, or of a comparer.</summary>
    public static bool Is(IMethodSymbol method) => method is { IsStatic: false, ReturnType.SpecialType: SpecialType.System_Boolean }
        && (method.Parameters.Length == 1
            ? method.IsOverride || Operations.Same(method.Parameters[0].Type, method.ContainingType)
            : method.Parameters.Length == 2
                && method.ContainingType.AllInterfaces.Any(static type => type.Name == "IEqualityComparer"));

    /// <summary>
    /// The read is the first of those of two keys, and no key whose target is dead is equal to any, itself included. A hash code that
    /// changes as well is the same defect, and speaks for it.
    /// </summary>
    public static bool FailsForTheDead(WeakRead read, IMethodSymbol method, WeakReadFlow reads)
    {
        if (method.Parameters.Length == 2 && IsOfRebuilt(method.ContainingType, method.Parameters[0].Type, reads.Known))
        {
            return false;
        }

        var root = Operations.RootOf(read.Operation);
        var own = Reference.Of(read.Receiver, reads.Known);
        var isOfTwo = false;
        foreach (var part in root.Descendants())
        {
            if (ReadOf(part, reads) is { Kind: WeakReadKind.Value or WeakReadKind.Try } other && other.Operation != read.Operation)
            {
                if (part.Syntax.SpanStart < read.Operation.Syntax.SpanStart)
                {
                    return false;
                }

                isOfTwo |= own is not null && Reference.Of(other.Receiver, reads.Known) is { } second && !second.Equals(own);
            }
        }

        return isOfTwo && IsTested(read, reads.Known) && !HasWeakHash(method.ContainingType, reads.Known)
            && reads.OutcomeOf(root, new Inquiry(Wrappers.MaxHops)) is { } outcome && outcome.When(true) is { } equal
            && equal.Guards.Entries().Any(guard => guard.Value.Kind != GuardKind.Asserted
                && own!.Equals(outcome.Numbers!.Reference(guard.Key)));
    }

    /// <summary>
    /// The comparer serves a collection of the type around it, which is rebuilt of the living now and then: nobody looks for a dead key.
    /// </summary>
    public static bool IsOfRebuilt(INamedTypeSymbol comparer, ITypeSymbol key, KnownFacts known)
    {
        if (comparer.ContainingType is not { } owner)
        {
            return false;
        }

        foreach (var member in owner.GetMembers())
        {
            if (member is IFieldSymbol { Type: INamedTypeSymbol { TypeArguments: var arguments } } && arguments.Any(argument =>
                Operations.Same(argument, key)))
            {
                foreach (var use in Members.UsesOf(member, known))
                {
                    if (Members.AssignmentTo(use) is { } assignment && !Syntaxes.IsNull(assignment.Right)
                        && assignment.FirstAncestorOrSelf<MemberDeclarationSyntax>() is MethodDeclarationSyntax)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Whether it is asked for itself: compared with one another, the targets of a dead key are both null, and so equal.</summary>
    private static bool IsTested(WeakRead read, KnownFacts known)
    {
        if (read.Kind == WeakReadKind.Try)
        {
            return read.Operation.Parent is not IExpressionStatementOperation || IsTested(read.Out, known);
        }

        return IsNullTest(read.Operation) || IsTested(read.Operation, known);
    }

    private static bool IsTested(IOperation? value, KnownFacts known)
    {
        if (value is not null && StrongStores.LocalOf(value) is { } local)
        {
            foreach (var use in Values.In(value, known).UsesOf(local))
            {
                if (IsNullTest(use))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNullTest(IOperation value) => Operations.Outer(value).Parent switch
    {
        IIsPatternOperation => true,
        IBinaryOperation compared => Operations.Inner(compared.LeftOperand).ConstantValue.HasValue
            || Operations.Inner(compared.RightOperand).ConstantValue.HasValue,
        _ => false,
    };

    private static WeakRead? ReadOf(IOperation part, WeakReadFlow reads) => part switch
    {
        IPropertyReferenceOperation property => reads.ReadOf(property),
        IInvocationOperation call => reads.ReadOf(call),
        _ => null,
    };

    /// <summary>The hash code is read from the target too.</summary>
    private static bool HasWeakHash(INamedTypeSymbol type, KnownFacts known)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol { DeclaringSyntaxReferences.IsEmpty: false } method
                && method.Name.EndsWith("GetHashCode", StringComparison.Ordinal)
                && method.DeclaringSyntaxReferences[0] is { SyntaxTree: var tree, Span: var span } && Mentions.In(tree, known).ReadIn(span))
            {
                return true;
            }
        }

        return false;
    }
}
