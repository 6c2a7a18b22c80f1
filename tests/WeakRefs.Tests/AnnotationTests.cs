using System.Reflection;
using WeakRefs.Annotations;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>The analyzers go by these attributes; without them they know nothing of the library.</summary>
public class AnnotationTests
{
    [Fact]
    public void Every_role_is_where_it_belongs()
    {
        string[] expected =
        [
            "WeakRef`1..ctor(target): WeakTarget",
            "WeakRef`1.Deref: WeakRead",
            "WeakRef`1.TryGetTarget(target): WeakRead",
            "WeakRef.Create(target): WeakTarget",
            "FinalizationRegistry`1..ctor(cleanup): CleanupCallback",
            "FinalizationRegistry`1.Register(target): WeakTarget",
            "FinalizationRegistry`1.Register(heldValue): HeldValue",
            "FinalizationRegistry`1.Register(target): WeakTarget",
            "FinalizationRegistry`1.Register(heldValue): HeldValue",
            "FinalizationRegistry`1.Register(unregisterToken): UnregisterToken",
            "FinalizationRegistry`1.Unregister(unregisterToken): UnregisterToken",
            "WeakCache`2.TryGet(value): WeakRead",
            "WeakCache`2.TryGetValue(value): WeakRead",
            "WeakCache`2.TryRemove(value): WeakRead",
            "AlternateLookup`1.TryGetValue(value): WeakRead",
            "AlternateLookup`1.TryRemove(value): WeakRead",
        ];
        Assert.Equal(expected.Order(), Roles().Order());
    }

    [Theory]
    [InlineData(typeof(WeakTargetAttribute), AttributeTargets.Parameter | AttributeTargets.Property)]
    [InlineData(typeof(WeakReadAttribute), AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
    [InlineData(typeof(LivenessProbeAttribute), AttributeTargets.Method | AttributeTargets.Property)]
    [InlineData(typeof(HeldValueAttribute), AttributeTargets.Parameter)]
    [InlineData(typeof(CleanupCallbackAttribute), AttributeTargets.Parameter)]
    [InlineData(typeof(UnregisterTokenAttribute), AttributeTargets.Parameter)]
    public void Every_attribute_has_its_targets(Type attribute, AttributeTargets targets)
    {
        Assert.Equal(targets, attribute.GetCustomAttribute<AttributeUsageAttribute>()!.ValidOn);
        Assert.Equal("WeakRefs.Annotations", attribute.Namespace);
        Assert.NotNull(Activator.CreateInstance(attribute));
    }

    [Fact]
    public void Nothing_else_is_public()
    {
        string[] expected =
        [
            "AlternateLookup`1",
            "CleanupCallbackAttribute", "CleanupFailedEventArgs", "FinalizationRegistry", "FinalizationRegistryOptions",
            "FinalizationRegistry`1", "HeldValueAttribute", "LivenessProbeAttribute", "Registration",
            "UnregisterTokenAttribute", "WeakCache`2", "WeakCacheEvictedEventArgs`2", "WeakCacheEvictionCause",
            "WeakCacheStatistics", "WeakReadAttribute", "WeakRef", "WeakRef`1", "WeakTargetAttribute",
        ];
        Assert.Equal(expected.Order(), typeof(WeakRef).Assembly.GetExportedTypes().Select(type => type.Name).Order());
    }

    private static IEnumerable<string> Roles()
    {
        foreach (var type in typeof(WeakRef).Assembly.GetExportedTypes())
        {
            foreach (var method in type.GetMethods().Cast<MethodBase>().Concat(type.GetConstructors()))
            {
                foreach (var role in RolesOf(method))
                {
                    yield return $"{type.Name}.{method.Name}: {role}";
                }

                foreach (var parameter in method.GetParameters())
                {
                    foreach (var role in RolesOf(parameter))
                    {
                        yield return $"{type.Name}.{method.Name}({parameter.Name}): {role}";
                    }
                }
            }
        }
    }

    private static IEnumerable<string> RolesOf(ICustomAttributeProvider member) =>
        member.GetCustomAttributes(false)
            .Select(attribute => attribute.GetType())
            .Where(type => type.Namespace == "WeakRefs.Annotations")
            .Select(type => type.Name[..^"Attribute".Length]);
}
