using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>A resource that a finalizer releases and nobody else can.</summary>
/// <param name="Call">The call that releases it, the first of several.</param>
/// <param name="Reached">Where that stands.</param>
/// <param name="Held">The field or property with its own finalizer, where all that is released has one: then this
/// finalizer is of no use.</param>
internal sealed record FinalizerRelease(ReleaseCall Call, Reached Reached, string? Held)
{
    /// <summary>Null where an owner can release it, or where there is no owner.</summary>
    public static FinalizerRelease? Of(FinalizerReach reach, RoleTable roles, CancellationToken cancel)
    {
        if (reach.Rearms || ExplicitRelease.IsUnknown(reach.Type) || ExplicitRelease.IsOffered(reach.Type))
        {
            return null;
        }

        FinalizerRelease? first = null;
        foreach (var reached in reach.Operations)
        {
            if (ReleaseCall.Of(reached.Operation) is not { } call
                || call.OwnMember(reached.CallFrame, roles) is not { Member: var member } reference)
            {
                continue;
            }

            var held = Finalizable.Declaring(reference.Type, cancel) is not null || Finalizable.IsCritical(reference.Type)
                ? member.Name : null;
            if (first is null)
            {
                if (ExplicitRelease.IsRepeated(call, reached) || CollectorTest.IsTestCode(reach.Root)
                    || Ownerless.Is(reach.Type, reach.Model.Compilation))
                {
                    return null;
                }

                first = new FinalizerRelease(call, reached, held);
            }
            else if (held is null)
            {
                return first with { Held = null };
            }
        }

        return first;
    }
}
