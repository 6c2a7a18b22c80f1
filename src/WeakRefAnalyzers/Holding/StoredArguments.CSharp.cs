using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

internal sealed partial class StoredArguments
{
    private partial bool StoresInPrimary(IMethodSymbol constructor, IParameterSymbol parameter, Inquiry asking)
    {
        var type = constructor.ContainingType;
        if (type.GetMembers(parameter.Name).Any(static member =>
            member is IPropertySymbol
            && member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is ParameterSyntax)))
        {
            return true;
        }

        var target = new Reference(null, parameter);
        var search = new Retention.Search(this);
        foreach (var name in Members.Named(parameter.Name, type, Known))
        {
            var place = name.FirstAncestorOrSelf<SyntaxNode>(IsPlace);
            var kept = place switch
            {
                EqualsValueClauseSyntax =>
                    Of(place) is ISymbolInitializerOperation initializer && search.Find(initializer.Value, target, asking, 0) is not null,
                PrimaryConstructorBaseTypeSyntax =>
                    Of(place) is IInvocationOperation call
                    && search.Stored(call.TargetMethod, call.Arguments, target, asking, 0) is not null,
                BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax =>
                    Of(name) is IParameterReferenceOperation captured && Operations.Same(captured.Parameter, parameter),
                _ => false,
            };
            if (kept)
            {
                return true;
            }
        }

        return false;

        static bool IsPlace(SyntaxNode node) => node is MemberDeclarationSyntax or PrimaryConstructorBaseTypeSyntax
            or EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax
                or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } };
    }
}
