using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

/// <summary>
/// May a new object make somebody else hold it? Its constructor stores <c>this</c>, passes it on or makes a delegate
/// of it; so may one that cannot be seen. A type with a finalizer is made to be lost: that is how collections are observed.
/// </summary>
internal sealed partial class SelfRooting
{
    /// <summary>How many calls one may go through; what is further away is not known.</summary>
    private const int MaxHops = 4;

    private const int MaxChain = 32;

    private readonly Compilation _compilation;
    private readonly Summary<IMethodSymbol, bool> _leaks;

    public SelfRooting(Compilation compilation)
    {
        _compilation = compilation;
        _leaks = new(SymbolEqualityComparer.Default, true, FindLeak);
    }

    public bool IsPossible(IOperation made) => made switch
    {
        IArrayCreationOperation or IAnonymousObjectCreationOperation => false,
        IObjectCreationOperation { Constructor: { } constructor } creation =>
            ConstructorMay(constructor) || InitializerMay(creation.Initializer),
        IWithOperation { Type: { } type } with => IsFinalizable(type) || InitializerMay(with.Initializer),
        { Type.SpecialType: SpecialType.System_String } => false,
        _ => !(Operations.IsCollection(made) && made.Type is null or IArrayTypeSymbol or { DeclaringSyntaxReferences.IsEmpty: true }),
    };

    /// <summary>The constructor that is called, and the others in its chain.</summary>
    private bool ConstructorMay(IMethodSymbol constructor)
    {
        if (IsFinalizable(constructor.ContainingType))
        {
            return true;
        }

        var steps = 0;
        for (var current = constructor; current is not null; current = NextOf(current))
        {
            var type = current.ContainingType;
            if (type.SpecialType == SpecialType.System_Object)
            {
                return false;
            }

            if (type.DeclaringSyntaxReferences.IsEmpty)
            {
                return !IsKnownPlain(type);
            }

            if (++steps > MaxChain || _leaks.Of(current.OriginalDefinition, new Inquiry(MaxHops)))
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>The constructor that this one calls first; null where that cannot be told.</summary>
    private IMethodSymbol? NextOf(IMethodSymbol constructor) => HasChained(constructor, out var chained)
        ? chained
        : constructor.ContainingType.BaseType?.InstanceConstructors.FirstOrDefault(static other =>
            other.Parameters.All(static parameter => parameter.IsOptional || parameter.IsParams));

    /// <summary>Whether the constructor names the one that it calls first; which that is, where it binds.</summary>
    private partial bool HasChained(IMethodSymbol constructor, out IMethodSymbol? chained);

    /// <summary>Whether what fields are initialized with makes somebody hold the object.</summary>
    private static partial bool InitializersMay(INamedTypeSymbol type);

    private static bool IsFinalizable(ITypeSymbol type)
    {
        for (var current = type; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            if (!current.GetMembers(WellKnownMemberNames.DestructorName).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private bool InitializerMay(IObjectOrCollectionInitializerOperation? initializer)
    {
        if (initializer is not null)
        {
            foreach (var element in initializer.Initializers)
            {
                if (element is IAssignmentOperation { Target: IPropertyReferenceOperation { Property: { } property } }
                    && AccessorMay(property.SetMethod, new Inquiry(MaxHops)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool FindLeak(IMethodSymbol method, Inquiry asking)
    {
        if (method.IsAbstract || method.IsExtern
            || (method.MethodKind == MethodKind.Constructor && InitializersMay(method.ContainingType)))
        {
            return true;
        }

        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            // The declaration of a primary constructor, or of an implicit one, is its type: there is no body.
            if (reference.GetSyntax() is var syntax && !Members.IsType(syntax)
                && Operations.Of(_compilation, syntax, default) is { } body
                && body.DescendantsAndSelf().Any(operation => Operations.IsThis(operation) && Leaks(operation, asking)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Leaks(IOperation self, Inquiry asking)
    {
        if (Operations.FunctionOf(self) is IAnonymousFunctionOperation)
        {
            return true;
        }

        switch (self.Parent)
        {
            case IFieldReferenceOperation or IEventReferenceOperation:
                return false;
            case IPropertyReferenceOperation { Property: { } property }:
                return AccessorMay(property.GetMethod, asking) || AccessorMay(property.SetMethod, asking);
            case IInvocationOperation { TargetMethod: { } method } call when call.Instance == self:
                return method.MethodKind != MethodKind.Constructor
                    && method.ContainingType.SpecialType != SpecialType.System_Object
                    && (method.DeclaringSyntaxReferences.IsEmpty || _leaks.Of(method, asking));
            default:
                return true;
        }
    }

    private bool AccessorMay(IMethodSymbol? accessor, Inquiry asking) => accessor is not null
        && (accessor.DeclaringSyntaxReferences.IsEmpty
            ? !accessor.IsImplicitlyDeclared && !IsKnownPlain(accessor.ContainingType)
            : _leaks.Of(accessor, asking));

    /// <summary>Types outside of the compilation that are known to hand themselves to nobody.</summary>
    private static bool IsKnownPlain(INamedTypeSymbol type) => type.ContainingNamespace?.ToDisplayString() switch
    {
        "System" => type.SpecialType is SpecialType.System_String or SpecialType.System_Array
            || type.Name is "Exception" or "EventArgs" or "Attribute" or "MarshalByRefObject" or "Uri" or "UriBuilder" or "Version"
                or "Random" or "Tuple" or "Lazy"
            || type.Name.EndsWith("Exception", StringComparison.Ordinal),
        "System.Text" or "System.Text.RegularExpressions" or "System.Xml" or "System.Xml.Linq" => true,
        "System.IO" => type.Name is "MemoryStream" or "StringReader" or "StringWriter" or "Stream" or "TextReader" or "TextWriter",
        { } name => name.StartsWith("System.Collections", StringComparison.Ordinal),
        null => false,
    };
}
