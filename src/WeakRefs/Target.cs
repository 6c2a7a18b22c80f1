namespace WeakRefs;

/// <summary>What can be held weakly: an object with an identity somebody can keep.</summary>
internal static class Target
{
    /// <summary>A box is made for the call and refers to nothing: it would be dead at once, whatever it was made of.</summary>
    public static void ThrowIfUnfit(object? target, string name)
    {
        if (target is null)
        {
            throw new ArgumentNullException(name);
        }

        if (target is ValueType)
        {
            ThrowBoxed(target, name);
        }
    }

    private static void ThrowBoxed(object target, string name) =>
        throw new ArgumentException($"A boxed {target.GetType()} is a copy nobody keeps, and cannot be held weakly.", name);
}
