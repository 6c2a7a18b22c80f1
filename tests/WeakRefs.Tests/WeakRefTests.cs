using System.Runtime.CompilerServices;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>What test262 fixes for WeakRef (built-ins/WeakRef), and what it cannot test.</summary>
public class WeakRefTests
{
    // returns-new-object-from-constructor-with-object-target
    [Fact]
    public void Two_references_to_one_target_are_independent_and_not_equal()
    {
        object target = new();
        WeakRef<object> first = new(target);
        var second = WeakRef.Create(target);

        Assert.Same(target, first.Deref());
        Assert.Same(target, second.Deref());
        Assert.NotEqual(first, second);
        Assert.True(first != second);
        GC.KeepAlive(target);
    }

    [Fact]
    public void A_copy_equals_its_original()
    {
        object target = new();
        WeakRef<object> original = new(target);
        var copy = original;

        Assert.True(original == copy);
        Assert.True(original.Equals((object)copy));
        Assert.Equal(original.GetHashCode(), copy.GetHashCode());
        Assert.False(original.Equals(target));
        GC.KeepAlive(target);
    }

    // throws-when-target-cannot-be-held-weakly: null
    [Fact]
    public void Null_target_is_refused()
    {
        Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => new WeakRef<object>(null!)).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => WeakRef.Create<object>(null!)).ParamName);
    }

    // throws-when-target-cannot-be-held-weakly: numbers, booleans
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(bool))]
    [InlineData(typeof(DateTime?))]
    public void Value_types_are_refused_by_the_type_system(Type type) =>
        Assert.Throws<ArgumentException>(() => typeof(WeakRef<>).MakeGenericType(type));

    // prototype/deref/return-object-target
    [Fact]
    public void Deref_returns_the_same_target_again_and_again()
    {
        object target = new();
        WeakRef<object> reference = new(target);
        for (var i = 0; i < 4; i++)
        {
            Assert.Same(target, reference.Deref());
            Assert.True(reference.TryGetTarget(out var read));
            Assert.Same(target, read);
        }

        GC.KeepAlive(target);
    }

    // The nearest thing to with-symbol-target.
    [Fact]
    public void A_string_made_at_run_time_can_be_held()
    {
        string target = new('x', 3);
        Assert.Same(target, new WeakRef<string>(target).Deref());
        GC.KeepAlive(target);
    }

    [Fact]
    public void The_target_is_collected()
    {
        var reference = Targets.MakeDead();
        Collector.CollectUntil(() => reference.Deref() is null, "the reference kept its target");
        Assert.False(reference.TryGetTarget(out var target));
        Assert.Null(target);
    }

    [Fact]
    public void A_held_target_is_not_collected()
    {
        object target = new();
        WeakRef<object> reference = new(target);
        Collector.Collect();
        Assert.Same(target, reference.Deref());
        GC.KeepAlive(target);
    }

    [Fact]
    public void The_default_value_is_empty()
    {
        WeakRef<object> empty = default;
        Assert.Null(empty.Deref());
        Assert.False(empty.TryGetTarget(out var target));
        Assert.Null(target);
        Assert.Equal(default, empty);
        Assert.Equal(0, empty.GetHashCode());
    }

#if NET
    [Fact]
    public void It_is_one_pointer_wide() => Assert.Equal(IntPtr.Size, Unsafe.SizeOf<WeakRef<object>>());
#endif

    [Fact]
    public void Immortal_objects_are_recognised()
    {
        Assert.Equal(GC.GetGeneration("a literal") == int.MaxValue, WeakRef.IsImmortal("a literal"));
        Assert.False(WeakRef.IsImmortal(new object()));
        Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => WeakRef.IsImmortal(null!)).ParamName);
    }
}
