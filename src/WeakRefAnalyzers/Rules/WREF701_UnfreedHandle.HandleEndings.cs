using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>What <c>Free</c> and <c>Dispose</c> are called on in a type, those around it and those in it.</summary>
internal sealed class HandleEndings
{
    private readonly Calls _frees;
    private readonly Calls _disposals;

    private HandleEndings(INamedTypeSymbol type, KnownFacts known)
    {
        _frees = new(type, "Free", known);
        _disposals = new(type, "Dispose", known);
    }

    /// <summary>Whether any handle is ended there.</summary>
    public bool Any => _frees.OnMembers.Count > 0 || _frees.OnOthers || _frees.OnSelf
        || _disposals.OnMembers.Count > 0 || _disposals.OnOthers;

    public static HandleEndings In(INamedTypeSymbol type, KnownFacts known) =>
        known.Of<INamedTypeSymbol, HandleEndings>(type, key => new(key, known));

    /// <summary>Whether the member is freed, or what is no member: the handle may have come to a local, a list or a pointer.</summary>
    public bool MayFree(string member) => _frees.OnSelf || _frees.MayBeOn(member);

    public bool MayEnd(string member) => MayFree(member) || _disposals.MayBeOn(member);

    private sealed class Calls
    {
        public Calls(INamedTypeSymbol type, string name, KnownFacts known)
        {
            foreach (var use in Members.Named(name, Members.Outermost(type), known))
            {
                var receiver = use.Parent switch
                {
                    MemberAccessExpressionSyntax access when access.Name == use => access.Expression,
                    MemberBindingExpressionSyntax { Parent.Parent: ConditionalAccessExpressionSyntax access } => access.Expression,
                    _ => null,
                };
                if (receiver is null or ThisExpressionSyntax or BaseExpressionSyntax)
                {
                    OnSelf = true;
                }
                else if (Syntaxes.OwnNameOf(receiver) is { } own
                    && type.GetMembers(own).Any(static member => member is IFieldSymbol or IPropertySymbol))
                {
                    OnMembers.Add(own);
                }
                else
                {
                    OnOthers = true;
                }
            }
        }

        public HashSet<string> OnMembers { get; } = new(StringComparer.Ordinal);

        public bool OnOthers { get; }

        /// <summary>A method of the type's own.</summary>
        public bool OnSelf { get; }

        public bool MayBeOn(string member) => OnOthers || OnMembers.Contains(member);
    }
}
