using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// The way to an object: <c>this</c>, a variable or a static member, then members and constant or variable indices. Equal
/// references in one body stand for one object until something on the way is written.
/// </summary>
internal sealed record Reference(Reference? Parent, object Segment)
{
    public static readonly Reference This = new(null, "this");

    /// <summary>Nobody writes longer ways, but a generator may, and each step is a frame on the stack.</summary>
    private const int MaxSteps = 100;

    /// <summary>Any element of a sequence.</summary>
    public static readonly Reference Element = new(null, "element");

    public Reference Root
    {
        get
        {
            var root = this;
            while (root.Parent is { } parent)
            {
                root = parent;
            }

            return root;
        }
    }

    /// <summary>
    /// The way to the expression's object; null where the expression makes or finds its object otherwise. Conversions are
    /// transparent, and so are locals that are given one value and keep it.
    /// </summary>
    public static Reference? Of(IOperation? value, KnownFacts known) => Of(value, known, 0);

    /// <summary>The way to the object in a local or parameter.</summary>
    public static Reference Of(ISymbol variable, IOperation near, KnownFacts known) => Of(variable, near, known, 0);

    /// <summary>The way to a static member, or to one of this object.</summary>
    public static Reference OfOwn(ISymbol member) => new(member.IsStatic ? null : This, member);

    private static Reference? Of(IOperation? value, KnownFacts known, int steps)
    {
        if (steps > MaxSteps)
        {
            return null;
        }

        switch (Operations.ObjectOf(value))
        {
            case { } self when Operations.IsThis(self):
                return This;
            case ILocalReferenceOperation local:
                return Of(local.Local, local, known, steps);
            case IParameterReferenceOperation parameter:
                return new Reference(null, parameter.Parameter);
            case IFieldReferenceOperation { Field: { IsConst: false } field } reference:
                return field.IsStatic ? new Reference(null, field) : Of(reference.Instance, known, steps + 1)?.Member(field);
            case IPropertyReferenceOperation { Property: var property, Arguments.IsEmpty: true } reference:
                return property.IsStatic ? new Reference(null, property) : Of(reference.Instance, known, steps + 1)?.Member(property);
            default:
                return null;
        }
    }

    private static Reference Of(ISymbol variable, IOperation near, KnownFacts known, int steps)
    {
        // An alias stands for what it was made from, as long as that does not come to mean another object.
        var origin = variable is ILocalSymbol local && Values.OnlyValueOf(local, near, known) is { } value
            && value.Syntax.SpanStart < near.Syntax.SpanStart ? Of(value, known, steps + 1) : null;
        return origin is null
            || (origin.Root.Segment is ISymbol { Kind: SymbolKind.Local or SymbolKind.Parameter } root
            && Values.IsWritten(root, near, variable.DeclaringSyntaxReferences[0].Span.Start, known))
            ? new Reference(null, variable)
            : origin;
    }

    public bool Mentions(object segment) => Segment.Equals(segment) || (Parent?.Mentions(segment) ?? false);

    /// <summary>The same way, from elsewhere.</summary>
    public Reference From(Reference root) => Parent is null ? root : new Reference(Parent.From(root), Segment);

    /// <summary>The same way behind another one to the same object; null where it does not lead through the first.</summary>
    public Reference? Behind(Reference from, Reference to) =>
        Equals(from) ? to : Parent?.Behind(from, to) is { } parent ? new Reference(parent, Segment) : null;

    public Reference Extend(IEnumerable<ISymbol> members) =>
        members.Aggregate(this, static (way, member) => member.IsStatic ? new Reference(null, member) : way.Member(member));

    private Reference Member(ISymbol member) => new(this, member);
}
