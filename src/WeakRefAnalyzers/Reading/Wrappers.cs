using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Members and local functions of source that pass a weak read on: a property that returns <c>_w.Target</c>, a method that returns
/// <c>_w.IsAlive</c>, a <c>bool TryGet(out T t)</c>. Each is looked at once; a hop through another wrapper counts, up to three.
/// </summary>
internal sealed class Wrappers
{
    /// <summary>How many members may stand between a use and the weak read.</summary>
    public const int MaxHops = 4;

    private readonly Compilation _compilation;
    private readonly WeakReadFlow _flow;
    private readonly Summary<ISymbol, Wrapper?> _known;
    private HashSet<string>? _realReads;

    public Wrappers(Compilation compilation, WeakReadFlow flow)
    {
        _compilation = compilation;
        _flow = flow;
        _known = new Summary<ISymbol, Wrapper?>(SymbolEqualityComparer.Default, null, Find);
    }

    public WeakRead? ReadOf(IPropertyReferenceOperation reference, Inquiry? asking)
    {
        var property = reference.Property;
        if (!IsOfSource(property) || property.GetMethod is null || !CanWrap(property.Type)
            || Of(property, asking) is not { } wrapper)
        {
            return null;
        }

        var written = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;
        return written || reference.Parent is INameOfOperation ? null : wrapper.ReadBy(reference, reference.Instance, property);
    }

    /// <summary>The same where the property is one of several alike.</summary>
    public WeakRead? ReadOf(IOperation ambiguous, IPropertySymbol property, Inquiry? asking) =>
        IsOfSource(property) && !property.IsIndexer && property.GetMethod is not null && CanWrap(property.Type)
            ? Of(property, asking)?.ReadBy(ambiguous, Unbound.ReceiverOf(ambiguous), property) : null;

    /// <summary>The same where the method is one of several alike.</summary>
    public WeakRead? ReadOf(IOperation ambiguous, IMethodSymbol method, Inquiry? asking)
    {
        if (!IsWrapping(method) || Of(method, asking) is not { } wrapper)
        {
            return null;
        }

        var target = wrapper.Kind == WeakReadKind.Try
            ? ((InvocationExpressionSyntax)ambiguous.Syntax).ArgumentList.Arguments.ElementAtOrDefault(wrapper.Ordinal)?.Expression : null;
        return wrapper.ReadBy(ambiguous, Unbound.ReceiverOf(ambiguous), method,
            target is null ? null : ambiguous.ChildOperations.FirstOrDefault(child => child.Syntax == target));
    }

    public WeakRead? ReadOf(IInvocationOperation invocation, Inquiry? asking)
    {
        var method = invocation.TargetMethod;
        if (!IsWrapping(method) || Of(method, asking) is not { } wrapper)
        {
            return null;
        }

        var target = wrapper.Kind == WeakReadKind.Try ? RoleTable.ArgumentFor(invocation.Arguments, wrapper.Ordinal)?.Value : null;
        return wrapper.ReadBy(invocation, invocation.Instance, method, target);
    }

    /// <summary>What calls the method gets targets, or null.</summary>
    public WeakRead? ReadOf(IMethodReferenceOperation reference, Inquiry? asking) =>
        IsWrapping(reference.Method) && Of(reference.Method, asking) is { Kind: WeakReadKind.Value } wrapper
            ? wrapper.OfElements().ReadBy(reference, reference.Instance, reference.Method) : null;

    public WeakRead? ReadOf(IConversionOperation conversion, IMethodSymbol method, Inquiry? asking) =>
        IsOfSource(method) && CanWrap(method.ReturnType) ? Of(method, asking)?.ReadBy(conversion, conversion.Operand, method) : null;

    private Wrapper? Of(ISymbol member, Inquiry? asking) => _known.Of(member.OriginalDefinition, asking ?? new Inquiry(MaxHops));

    private bool IsWrapping(IMethodSymbol method) => IsOfSource(method)
        && method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction && CanWrap(method.ReturnType);

    private bool IsOfSource(ISymbol member) => ReferenceEquals(member.ContainingAssembly, _compilation.Assembly);

    private static bool CanWrap(ITypeSymbol type) => type.IsReferenceType || type.SpecialType == SpecialType.System_Boolean
        || type.TypeKind == TypeKind.TypeParameter || type is { IsTupleType: true } or { Name: "ValueTask" };

    private Wrapper? Find(ISymbol member, Inquiry inquiry)
    {
        member = (member as IMethodSymbol)?.PartialImplementationPart ?? member;
        var body = WrapperNames.BodyOf(member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax());
        body ??= member is IPropertySymbol property ? OtherPartOf(property) : null;
        return body is not null && MayWrap(member, body, inquiry) ? Examine(member, body, inquiry) : null;
    }

    /// <summary>The body of a property that is declared without one, and implemented elsewhere.</summary>
    private static SyntaxNode? OtherPartOf(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax declaration
            || !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return null;
        }

        foreach (var part in property.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var other in (part.GetSyntax() as TypeDeclarationSyntax)?.Members ?? default)
            {
                if (other is PropertyDeclarationSyntax { Identifier.ValueText: var name } && name == property.Name
                    && WrapperNames.BodyOf(other) is { } body)
                {
                    return body;
                }
            }
        }

        return null;
    }

    /// <summary>A cheap look before anything binds: it names a weak read, or hands on what a wrapper gives.</summary>
    private bool MayWrap(ISymbol member, SyntaxNode body, Inquiry inquiry)
    {
        if (WrapperNames.NamesRead(body, _flow.Known))
        {
            return true;
        }

        if (member is IMethodSymbol { MethodKind: MethodKind.LocalFunction })
        {
            return WrapperNames.HopsOf(body) is { } given
                && (Array.Exists(given.Own, _flow.MayRead) || Array.Exists(given.OfOthers, _flow.MayRead));
        }

        var name = member is IMethodSymbol { MethodKind: MethodKind.Conversion } ? WrapperNames.Conversion : member.Name;
        return _flow.Names.Contains(TypeOf(member), name) && WrapperNames.HopsOf(body) is { Own: var own, OfOthers: var others }
            && (Array.Exists(own, one => IsReadOf(member, one, inquiry)) || Array.Exists(others, RealReads().Contains));
    }

    /// <summary>A member of that name, of the type, a base or a type around it, is a read; or it is not known whose it is.</summary>
    private bool IsReadOf(ISymbol member, string name, Inquiry inquiry)
    {
        if (!_flow.MayRead(name))
        {
            return false;
        }

        for (var outer = member.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            for (var type = outer; type is not null; type = type.BaseType)
            {
                foreach (var candidate in type.GetMembers(name))
                {
                    if (!SymbolEqualityComparer.Default.Equals(candidate, member))
                    {
                        return !IsOfSource(candidate) || candidate is not (IPropertySymbol or IMethodSymbol)
                            || Of(candidate, inquiry) is not null;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>
    /// The names of the reads that there are: of those that the text makes one expect, the ones that bind. While they are looked for,
    /// all are taken for some, which costs time and changes no answer.
    /// </summary>
    private HashSet<string> RealReads()
    {
        lock (_known)
        {
            if (_realReads is null)
            {
                _realReads = _flow.Names.All;
                var real = new HashSet<string>(Vocabulary.Reads.Concat(_flow.Names.Annotated), StringComparer.Ordinal);
                foreach (var type in _compilation.GetSymbolsWithName(_flow.Names.IsReading, SymbolFilter.Type).OfType<INamedTypeSymbol>())
                {
                    foreach (var name in _flow.Names.ReadingIn(type.Name))
                    {
                        if (!real.Contains(name) && type.GetMembers(name).Any(IsRead))
                        {
                            real.Add(name);
                        }
                    }
                }

                _realReads = real;
            }

            return _realReads;
        }

        bool IsRead(ISymbol member) => _flow.Roles.Annotations.Of(member) is not null
            || (member is IMethodSymbol method && method.Parameters.Any(parameter => _flow.Roles.Annotations.Of(parameter) is not null))
            || (member is IPropertySymbol or IMethodSymbol && Of(member, null) is not null);
    }

    /// <summary>An extension block has no name that one could write.</summary>
    private static string TypeOf(ISymbol member)
    {
        var type = member.ContainingType;
        while (type is { ContainingType: { } outer } && !SyntaxFacts.IsValidIdentifier(type.Name))
        {
            type = outer;
        }

        return type.Name;
    }

    private Wrapper? Examine(ISymbol member, SyntaxNode body, Inquiry inquiry)
    {
        var function = body.Parent as LocalFunctionStatementSyntax;
        if (RootOf((SyntaxNode?)function ?? body) is not { } declaration
            || Operations.Of(_compilation, declaration, default) is not { } root || !OnlyReads(root, body, inquiry))
        {
            return null;
        }

        if (_flow.OutcomeOf(root, inquiry, function) is not { Returned.Count: > 0 } outcome)
        {
            return null;
        }

        var gives = (member as IMethodSymbol)?.ReturnType ?? (member as IPropertySymbol)?.Type;
        return gives?.SpecialType == SpecialType.System_Boolean ? Wrapper.Condition(member, outcome)
            : member is IMethodSymbol { IsAsync: true } || IsIterator(body)
                ? Wrapper.Of(outcome)?.OfElements()
            : Wrapper.OfElements(outcome) ?? Wrapper.OfParts(outcome) ?? Wrapper.Of(outcome);
    }

    private static bool IsIterator(SyntaxNode body) =>
        body.DescendantNodes(static node => !Syntaxes.IsFunction(node)).Any(static node => node is YieldStatementSyntax);

    /// <summary>What has a graph of its own: the member or accessor around the body, or an expression body alone.</summary>
    private static SyntaxNode? RootOf(SyntaxNode body)
    {
        foreach (var node in body.AncestorsAndSelf())
        {
            switch (node)
            {
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax } or AccessorDeclarationSyntax
                    or BaseMethodDeclarationSyntax:
                    return node;
            }
        }

        return null;
    }

    /// <summary>
    /// A read is in it for certain. Who makes the reference as well makes its target: callers may count on that, and what is wrong is
    /// wrong there.
    /// </summary>
    private bool OnlyReads(IOperation root, SyntaxNode body, Inquiry inquiry)
    {
        var reads = false;
        foreach (var operation in root.Descendants())
        {
            if (!body.Span.Contains(operation.Syntax.Span))
            {
                continue;
            }

            if (operation is IObjectCreationOperation creation && _flow.Roles.TargetOf(creation) is { Kind: WeakTargetKind.Reference })
            {
                return false;
            }

            reads = reads || _flow.ReadAt(operation, inquiry) is not null;
        }

        return reads;
    }
}
