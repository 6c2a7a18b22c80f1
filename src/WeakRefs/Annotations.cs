namespace WeakRefs.Annotations;

/// <summary>
/// The object passed here becomes weakly held: nothing behind this parameter or setter keeps it alive.
/// </summary>
/// <remarks>
/// The attributes of this namespace have no effect at run time. They tell the WeakRefAnalyzers package which part an API
/// plays; it matches them by full name, so a library may copy their declarations instead of referencing this one.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class WeakTargetAttribute : Attribute
{
}

/// <summary>
/// The returned value, property or <see langword="out"/> parameter is a weakly held object, or <see langword="null"/> once
/// that object was collected. Two reads in a row may differ.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WeakReadAttribute : Attribute
{
}

/// <summary>
/// The result says whether a weakly held object is alive now. It promises nothing for the next line, because it keeps
/// nothing alive.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class LivenessProbeAttribute : Attribute
{
}

/// <summary>
/// The value passed here is held strongly until the weak target of the same call was collected. A value that reaches the
/// target therefore keeps it alive for ever.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeldValueAttribute : Attribute
{
}

/// <summary>
/// The delegate passed here runs some time after a weak target was collected, or never. A delegate that captures the target
/// keeps it alive for ever.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CleanupCallbackAttribute : Attribute
{
}

/// <summary>
/// The object passed here identifies registrations that are to be cancelled later. It is compared by reference and held
/// weakly, so a value type or an object nobody keeps is useless as a token.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class UnregisterTokenAttribute : Attribute
{
}
