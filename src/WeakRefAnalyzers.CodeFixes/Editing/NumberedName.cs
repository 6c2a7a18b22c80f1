using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// The name for the variable of a weak read, by the place of the read and not by who is fixed first: the fixes of several rules meet
/// in one body, and whatever order they are applied in, the text is the same.
/// </summary>
internal static class NumberedName
{
    public static string For(FixSite site, ExpressionSyntax read, string stem)
    {
        var member = UnusedName.MemberOf(site, read);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in member.DescendantTokens())
        {
            _ = IsNumbered(token.ValueText, stem) && taken.Add(token.ValueText);
        }

        // Each earlier statement that has such a variable, or will have one, goes before; what else is taken is passed over.
        var earlier = 0;
        var elsewhere = new HashSet<string>(taken, StringComparer.Ordinal);
        foreach (var statement in Earlier(read, member))
        {
            var declared = DeclaredIn(statement, stem);
            if (declared is not null || NeedsVariable(site, statement, read))
            {
                earlier++;
                _ = declared is not null && elsewhere.Remove(declared);
            }
        }

        for (var number = 1; ; number++)
        {
            var name = number == 1 ? stem : stem + number;
            if (!elsewhere.Contains(name) && earlier-- <= 0 && !taken.Contains(name) && !UnusedName.IsTaken(site, read, name))
            {
                return name;
            }
        }
    }

    /// <summary>The statements that come before the one with the read, in its block and in those around it.</summary>
    private static IEnumerable<StatementSyntax> Earlier(SyntaxNode read, SyntaxNode member)
    {
        for (var node = read; node is not null && node != member; node = node.Parent)
        {
            IEnumerable<SyntaxNode> siblings = node.Parent switch
            {
                BlockSyntax block when node is StatementSyntax => block.Statements,
                SwitchSectionSyntax section when node is StatementSyntax => section.Statements,
                CompilationUnitSyntax unit when node is GlobalStatementSyntax => unit.Members.OfType<GlobalStatementSyntax>(),
                _ => [],
            };
            foreach (var sibling in siblings.TakeWhile(sibling => sibling != node))
            {
                yield return sibling is GlobalStatementSyntax global ? global.Statement : (StatementSyntax)sibling;
            }
        }
    }

    private static string? DeclaredIn(StatementSyntax statement, string stem) =>
        statement.DescendantNodes().Select(DeclaredBy).FirstOrDefault(name => name is not null && IsNumbered(name, stem));

    private static string? DeclaredBy(SyntaxNode node) => node switch
    {
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        VariableDeclaratorSyntax declarator => declarator.Identifier.ValueText,
        _ => null,
    };

    /// <summary>The statement uses a read of that kind which it tests by another one, or for which <c>?.</c> will not do.</summary>
    private static bool NeedsVariable(FixSite site, StatementSyntax statement, ExpressionSyntax like)
    {
        var (name, isTested, used) = (NameOf(like), false, (ExpressionSyntax?)null);
        foreach (var node in statement.DescendantNodes())
        {
            if (node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "IsAlive" })
            {
                isTested = true;
            }
            else if (node is ExpressionSyntax read and (MemberAccessExpressionSyntax or InvocationExpressionSyntax)
                && NameOf(read) is { } other && (other == name || (IsPlain(other) && IsPlain(name)))
                && !(read.Parent is InvocationExpressionSyntax call && call.Expression == read))
            {
                isTested |= ReadSyntax.IsTestedForNull(read);
                used ??= ReadSyntax.IsTestedForNull(read) ? null : read;
            }
        }

        return used is not null && (isTested
            || (ReadSyntax.IsDereferenced(used) && ConditionalAccess.On(site, ReadSyntax.Whole(used)) is null));
    }

    /// <summary>A weak reference's own member.</summary>
    private static bool IsPlain(string? name) => name is "Target" or "Deref";

    private static string? NameOf(ExpressionSyntax read) => read switch
    {
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax access } =>
            access.Name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax binding } => binding.Name.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsNumbered(string name, string stem)
    {
        if (!name.StartsWith(stem, StringComparison.Ordinal))
        {
            return false;
        }

        for (var i = stem.Length; i < name.Length; i++)
        {
            if (name[i] is < '0' or > '9')
            {
                return false;
            }
        }

        return true;
    }
}
