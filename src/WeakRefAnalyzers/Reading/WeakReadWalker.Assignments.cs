using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>What a variable is known to hold, and what is left to know once something is assigned.</summary>
internal sealed partial class WeakReadWalker
{
    private Value Load(object variable, Reference? path)
    {
        var value = _state[variable].HeldBy(variable);
        return path is null ? value : value with { Path = path };
    }

    private void Assign(object variable, Value value)
    {
        _state.Forget(variable);
        if (!ReferenceEquals(value, Value.Unknown))
        {
            _state.Set(variable, value with { Holders = value.Holders.Remove(variable), Path = variable is ISymbol ? null : value.Path });
            foreach (var holder in value.Holders)
            {
                // What is found out about one of them holds for the other.
                if (!holder.Equals(variable) && _state[holder] is var held && !ReferenceEquals(held, Value.Unknown))
                {
                    _state.Set(holder, held.HeldBy(variable));
                }

                if (holder is CaptureId && variable is ISymbol)
                {
                    _state.Also(holder, variable); // The capture will be gone.
                }
            }
        }

        if (variable is ISymbol)
        {
            Pass(value, variable, _state);
        }
    }

    private static void Pass(Value element, object variable, FlowState state)
    {
        foreach (var passed in element.Passed)
        {
            state.Add(passed.Key.From(new Reference(null, variable)), passed.Value);
        }
    }

    private Value Assign(IOperation target, Value value, IOperation? source, Value? old = null)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local.RefKind: RefKind.None } local:
                Assign(local.Local, value);
                Make(new Reference(null, local.Local), source);
                return value;
            case IParameterReferenceOperation parameter:
                Assign(parameter.Parameter, value);
                Make(new Reference(null, parameter.Parameter), source);
                if (parameter.Parameter.RefKind == RefKind.Out && IsTakenForAlive(value)
                    && !NullAnswers.CanBeNull(parameter.Parameter))
                {
                    _outs.Add(parameter.Parameter);
                }

                return value;
            case IFlowCaptureReferenceOperation capture:
                // The left side of `a.b ??= c` and the like: captured as a place, assigned through it.
                var place = _state[capture.Id].Path;
                if (place is not null)
                {
                    _state.Forget(place.Segment);
                }

                break;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value, source);
            case IDiscardOperation:
                return value;
            case IMemberReferenceOperation member:
                // The property that is written is not read; what it hangs on is.
                var path = old is null ? Member(member.Instance, member.Member) : old.Path;
                if (old is null && member is IPropertyReferenceOperation { Arguments: { IsEmpty: false } indices })
                {
                    EvalAll(indices);
                }

                _state.Forget(member.Member);
                if (IsPartOfTuple(member))
                {
                    Assign(member.Instance!, Value.Unknown, null);
                }

                Remember(path, member.Type, value);
                Make(path, source);
                if (path?.Parent is { } owner && _flow.Roles.IsReferenceType(member.Member.ContainingType))
                {
                    _state.Forget(owner.Segment);
                    Make(owner, member);
                }

                break;
            default:
                if (old is null)
                {
                    Eval(target);
                }

                break;
        }

        if (source is not null)
        {
            UseAlive(value, source.Syntax);
        }

        return value;
    }

    /// <summary>A reference is made, or given another target: what it refers to is alive as yet.</summary>
    private void Make(Reference? path, IOperation? made)
    {
        if (path is not null && (Operations.Inner(made) is IObjectCreationOperation creation ? _flow.Roles.TargetOf(creation)
            : made is IPropertyReferenceOperation property ? _flow.Roles.TargetOf(property)
            : made is IInvocationOperation invocation ? _flow.Roles.TargetOf(invocation) : null) is { Kind: WeakTargetKind.Reference })
        {
            _state.Add(path, new Guard(GuardKind.Made, made!.Syntax, null));
        }
    }

    private void Deconstruct(IOperation target, IOperation value)
    {
        var right = value is IConversionOperation conversion ? conversion.Operand : value;
        if (right is ITupleOperation tuple)
        {
            foreach (var element in tuple.Elements)
            {
                Assign(element, Eval(element)); // All of them, before the first is assigned.
            }

            Deconstruct(target, new Value { Parts = tuple.Elements.CastArray<object>() });
            return;
        }

        var whole = Eval(value);
        Dereference(whole, value.Syntax);
        Deconstruct(target, whole);
    }

    private void Deconstruct(IOperation target, Value whole)
    {
        while (target is IDeclarationExpressionOperation declaration)
        {
            target = declaration.Expression;
        }

        if (target is not ITupleOperation { Elements: var left })
        {
            return;
        }

        for (var i = 0; i < left.Length; i++)
        {
            var part = whole.Parts.Length == left.Length ? whole.Parts[i] : null;
            var value = part is null ? Value.Unknown : Load(part, null);
            if (left[i] is ITupleOperation)
            {
                Deconstruct(left[i], value);
            }
            else
            {
                Assign(left[i], value, part as IOperation);
            }
        }
    }
}
