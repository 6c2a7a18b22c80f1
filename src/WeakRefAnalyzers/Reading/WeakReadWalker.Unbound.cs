using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>Code that does not bind, as most code in an editor: what its syntax alone makes certain still counts.</summary>
internal sealed partial class WeakReadWalker
{
    /// <summary>What does not bind, or has no kind of its own.</summary>
    private Value NotBound(IOperation operation)
    {
        if (_flow.ReadOf(operation, _body.Model, _inquiry) is { } read)
        {
            return Read(read);
        }

        return Unbound.MemberOf(operation) is not { } member ? Invalid(operation)
            : new Value { Path = Unbound.ReceiverOf(operation) is { } receiver ? Member(receiver, member)
                : Unbound.PathOf(operation.Syntax as ExpressionSyntax, _body.Model) };
    }

    /// <summary>Code that does not bind: what its syntax alone makes certain still counts.</summary>
    private Value Invalid(IOperation invalid)
    {
        if (invalid.Syntax.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression
            && invalid.ChildOperations.ToArray() is { Length: 2 } operands)
        {
            return ShortCircuit(operands[0], operands[1], invalid.Syntax.IsKind(SyntaxKind.LogicalAndExpression));
        }

        if (invalid.Syntax is CastExpressionSyntax or ParenthesizedExpressionSyntax || invalid.Syntax.IsKind(SyntaxKind.AsExpression))
        {
            // A cast to a type that is missing is a cast all the same.
            return Eval(invalid.ChildOperations.FirstOrDefault());
        }

        if (invalid.Syntax.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
            or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
            && invalid.ChildOperations.ToArray() is { Length: 2 } compared)
        {
            return NeitherIsNull(Eval(compared[0]), Eval(compared[1]), invalid.Syntax);
        }

        var result = Value.Unknown;
        foreach (var child in invalid.ChildOperations)
        {
            var value = Eval(child);
            var outer = child.Syntax;
            while (outer.Parent is ParenthesizedExpressionSyntax)
            {
                outer = outer.Parent;
            }

            switch (outer.Parent)
            {
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } called
                    when Lacks(child.Type, called.Name.Identifier.ValueText):
                    // An extension out of a missing reference; a fluent assertion perhaps.
                    if (Callees.AssertsNotNull(called))
                    {
                        _state.Apply(Found(value, Nullness.NotNull, called).Asserted());
                    }

                    break;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax extended } called
                    when called.Expression == outer && value.Read is not null && ExtensionsOf(called) is { Count: > 0 } extensions:
                    result = Extended(value, extensions, extended);
                    break;
                case MemberAccessExpressionSyntax access when access.Expression == outer:
                    Dereference(value, access.Parent is InvocationExpressionSyntax call ? call : access);
                    break;
                case ElementAccessExpressionSyntax access when access.Expression == outer:
                    Dereference(value, access);
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax test } when Callees.IsNullOrEmpty(test):
                    result = new Value { WhenFalse = Found(value, Nullness.NotNull, test) };
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax check } when Callees.ChecksByName(check):
                    _state.Apply(Found(value, Nullness.NotNull, check).Asserted());
                    _state.Apply(((Callees.AssertsFalse(check) ? value.WhenFalse : value.WhenTrue) ?? Delta.Empty).Asserted());
                    break;
            }
        }

        _state.IsDead |= invalid.Syntax is InvocationExpressionSyntax last && Callees.NeverReturns(last);
        return result;
    }

    /// <summary>
    /// The extensions of source that a call on an object of a missing type may be of: a null is handed to them and does not throw.
    /// </summary>
    private IReadOnlyList<IMethodSymbol> ExtensionsOf(MemberAccessExpressionSyntax called) =>
        _body.Model?.GetTypeInfo(called.Expression).Type is null or { TypeKind: TypeKind.Error }
            ? _flow.ExtensionsNamed(called.Name.Identifier.ValueText) : [];

    /// <summary>What all of them promise; where they differ, nobody knows what is left of the value.</summary>
    private Value Extended(Value value, IReadOnlyList<IMethodSymbol> extensions, InvocationExpressionSyntax call)
    {
        var promise = _flow.PromiseOf(extensions[0], extensions[0].Parameters[0], _inquiry);
        foreach (var extension in extensions)
        {
            if (_flow.PromiseOf(extension, extension.Parameters[0], _inquiry) != promise)
            {
                promise = Promise.NotNullAfter;
            }
        }

        var found = Found(value, Nullness.NotNull, call);
        switch (promise)
        {
            case Promise.NotNullWhenTrue:
                return new Value { WhenTrue = found };
            case Promise.NotNullWhenFalse:
                return new Value { WhenFalse = found };
            case Promise.NotNullAfter:
                _state.Apply(found.Asserted());
                break;
        }

        return Value.Unknown;
    }

    /// <summary>The type and its bases are all known, and none has such a member.</summary>
    private static bool Lacks(ITypeSymbol? type, string member)
    {
        if (type is { TypeKind: TypeKind.Interface })
        {
            return type.GetMembers(member).IsEmpty
                && type.AllInterfaces.All(other => other.TypeKind != TypeKind.Error && other.GetMembers(member).IsEmpty)
                && member is not ("ToString" or "Equals" or "GetHashCode" or "GetType");
        }

        for (; type is not null && type.TypeKind != TypeKind.Error && type.GetMembers(member).IsEmpty; type = type.BaseType)
        {
            if (type.SpecialType == SpecialType.System_Object)
            {
                return true;
            }
        }

        return false;
    }
}
