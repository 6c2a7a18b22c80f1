using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>
/// Which arguments a method of source keeps in the object it is called on, or in what it returns: found once per
/// parameter.
/// </summary>
internal sealed partial class StoredArguments
{
    /// <summary>Stands among the ordinals of the parameters for the object that the method is called on.</summary>
    public const int Receiver = -1;

    private readonly Summary<(IMethodSymbol Method, int Ordinal), bool> _stores;
    private readonly Summary<(IMethodSymbol Method, int Ordinal), bool> _returns;

    public StoredArguments(Compilation compilation, KnownFacts known)
    {
        Known = known;
        Compilation = compilation;
        _stores = new(EqualityComparer<(IMethodSymbol, int)>.Default, false, FindStore);
        _returns = new(EqualityComparer<(IMethodSymbol, int)>.Default, false, FindReturn);
    }

    public Compilation Compilation { get; }

    public KnownFacts Known { get; }

    /// <summary>Whether the constructor, setter or method keeps its argument in the object it is called on.</summary>
    public bool Stores(IMethodSymbol method, int ordinal, Inquiry asking)
    {
        method = method.OriginalDefinition;
        return method.DeclaringSyntaxReferences.IsEmpty
            ? Vocabulary.IsContainer(method.ContainingType) : _stores.Of((method, ordinal), asking);
    }

    /// <summary>Whether a method of source returns its argument, or something that keeps it.</summary>
    public bool Returns(IMethodSymbol method, int ordinal, Inquiry asking) => _returns.Of((method.OriginalDefinition, ordinal), asking);

    /// <summary>Whether a member that is assigned keeps the value.</summary>
    public bool Keeps(ISymbol member, Inquiry asking) => member switch
    {
        IFieldSymbol field => !field.IsStatic,
        IPropertySymbol { SetMethod: { DeclaringSyntaxReferences.IsEmpty: false } setter } property =>
            IsStored(property) || Stores(setter, setter.Parameters.Length - 1, asking),
        IPropertySymbol property =>
            IsStored(property) || (property.GetMethod is not null && !property.Name.Contains("Weak")
            && !property.ContainingType.Name.Contains("Weak")),
        _ => false,
    };

    /// <summary>A field, or a property that is nothing but one.</summary>
    public static bool IsStored(ISymbol member) =>
        member is IFieldSymbol || (member is IPropertySymbol property && Members.IsAuto(property));

    private bool FindStore((IMethodSymbol Method, int Ordinal) question, Inquiry asking)
    {
        var (method, ordinal) = question;
        var parameter = method.Parameters[ordinal];
        return Members.IsType(method.DeclaringSyntaxReferences[0].GetSyntax())
            ? StoresInPrimary(method, parameter, asking)
            : BodyOf(method, parameter) is { } body && Assigns(body, new Reference(null, parameter), asking);
    }

    private bool FindReturn((IMethodSymbol Method, int Ordinal) question, Inquiry asking)
    {
        var (method, ordinal) = question;
        var kept = ordinal == Receiver ? Reference.This : new Reference(null, method.Parameters[ordinal]);
        if ((ordinal == Receiver ? Of(method.DeclaringSyntaxReferences[0].GetSyntax()) : BodyOf(method, method.Parameters[ordinal]))
            is not { } body)
        {
            return false;
        }

        var search = new Retention.Search(this);
        foreach (var operation in body.Descendants())
        {
            if (operation is IReturnOperation { ReturnedValue: { } result }
                && search.Find(result, kept, asking, 0) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The parameter of a primary constructor: a record's property, an initializer, or captured by a member.</summary>
    private partial bool StoresInPrimary(IMethodSymbol constructor, IParameterSymbol parameter, Inquiry asking);

    /// <summary>Whether a body puts the argument into a member of <c>this</c>.</summary>
    private bool Assigns(IOperation body, Reference argument, Inquiry asking)
    {
        var search = new Retention.Search(this);
        foreach (var operation in body.DescendantsAndSelf())
        {
            var kept = operation switch
            {
                IAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member } assignment =>
                    Keep(member.Member, assignment.Value),
                IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment
                    when Operations.ObjectOf(assignment.Value) is ITupleOperation values => targets.Elements
                    .Zip(values.Elements, (target, value) =>
                        target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member && Keep(member.Member, value))
                    .Contains(true),
                IInvocationOperation { Instance: IInstanceReferenceOperation } call =>
                    search.Stored(call.TargetMethod, call.Arguments, argument, asking, 0) is not null,
                IInvocationOperation { Instance: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } } call
                    when Vocabulary.IsAdd(call.TargetMethod.Name) =>
                    search.Any(call.Arguments.Select(static given => given.Value), argument, asking, 0) is not null,
                _ => false,
            };
            if (kept)
            {
                return true;
            }
        }

        return false;

        bool Keep(ISymbol member, IOperation value) => search.Find(value, argument, asking, 0) is not null && Keeps(member, asking);
    }

    private IOperation? BodyOf(IMethodSymbol method, IParameterSymbol parameter)
    {
        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax();
        return syntax.DescendantTokens().Any(token => token.ValueText == parameter.Name) ? Of(syntax) : null;
    }

    private IOperation? Of(SyntaxNode node) => Operations.Of(Compilation, node, default);
}
