using Xunit;

namespace WeakRefs.Tests;

/// <summary>
/// What test262 fixes for FinalizationRegistry (built-ins/FinalizationRegistry), case by case; the file is named above each
/// test. That suite never collects anything, so what follows a collection is tested elsewhere.
/// </summary>
public class RegistryConformanceTests
{
    // target-not-callable-throws
    [Fact]
    public void Null_callback_is_refused() =>
        Assert.Equal("cleanup", Assert.Throws<ArgumentNullException>(() => new FinalizationRegistry<int>(null!)).ParamName);

    // unnaffected-by-poisoned-cleanupCallback
    [Fact]
    public void The_constructor_does_not_call_the_callback()
    {
        using FinalizationRegistry<int> registry = new(_ => throw new InvalidOperationException());
        Assert.Equal(0, registry.CleanupSome());
    }

    // returns-new-object-from-constructor
    [Fact]
    public void Registries_with_one_callback_are_distinct()
    {
        Action<object?> callback = static _ => { };
        using FinalizationRegistry<object?> first = new(callback);
        using FinalizationRegistry<object?> second = new(callback);
        object target = new(), token = new();
        first.Register(target, null, token);

        Assert.NotSame(first, second);
        Assert.False(second.Unregister(token));
        Assert.True(first.Unregister(token));
        GC.KeepAlive(target);
    }

    // register/heldValue-same-as-target
    [Fact]
    public void The_target_as_its_own_held_value_is_refused()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        object target = new();
        Assert.Equal("heldValue", Assert.Throws<ArgumentException>(() => registry.Register(target, target)).ParamName);
        Assert.Throws<ArgumentException>(() => registry.Register(target, target, new object()));
    }

    // The comparison is by reference: SameValue of objects.
    [Fact]
    public void An_equal_held_value_is_not_the_target()
    {
        using FinalizationRegistry<string> registry = new(static _ => { });
        string target = new('x', 3), held = new('x', 3);
        Assert.True(registry.Register(target, held).Unregister());
        GC.KeepAlive(target);
    }

    // register/holdings-any-value-type
    [Fact]
    public void Any_held_value_is_allowed()
    {
        using FinalizationRegistry<object?> registry = new(static _ => { });
        object target = new();
        foreach (var held in new object?[] { null, true, "text", 1.5, new object(), registry, double.NaN })
        {
            Assert.True(registry.Register(target, held).Unregister());
        }

        GC.KeepAlive(target);
    }

    // register/return-undefined-register-object: target three times, token, token equal to target, target equal to callback
    [Fact]
    public void One_target_may_be_registered_any_number_of_times()
    {
        Action<int> callback = static _ => { };
        using FinalizationRegistry<int> registry = new(callback);
        object target = new(), token = new();
        Registration[] registrations =
        [
            registry.Register(target, 1),
            registry.Register(target, 2),
            registry.Register(target, 3),
            registry.Register(target, 4, token),
            registry.Register(target, 5, target),
            registry.Register(callback, 6),
        ];

        Assert.Equal(registrations.Length, registrations.Distinct().Count());
        Assert.All(registrations, registration => Assert.True(registration.Unregister()));
        Assert.All(registrations, registration => Assert.False(registration.Unregister()));
        GC.KeepAlive(target);
    }

    // register/return-undefined-register-itself
    [Fact]
    public void A_registry_may_register_itself_also_as_its_own_token()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        registry.Register(registry, 1);
        registry.Register(registry, 2, registry);
        Assert.True(registry.Unregister(registry));
        Assert.False(registry.Unregister(registry));
    }

    // register/throws-when-target-cannot-be-held-weakly
    [Fact]
    public void Null_target_is_refused()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => registry.Register(null!, 1)).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentNullException>(() => registry.Register(null!, 1, new object())).ParamName);
    }

    // register/throws-when-unregisterToken-not-undefined-and-cannot-be-held-weakly. JavaScript's undefined, no token, is the
    // other overload here.
    [Fact]
    public void Null_token_is_refused_and_nothing_is_registered()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        Assert.Equal(
            "unregisterToken",
            Assert.Throws<ArgumentNullException>(() => registry.Register(new object(), "held", null!)).ParamName);
        Assert.Equal("unregisterToken", Assert.Throws<ArgumentNullException>(() => registry.Unregister(null!)).ParamName);
    }

    // register/unregisterToken-same-as-holdings
    [Fact]
    public void The_token_may_be_the_held_value()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        object target = new(), token = new();
        registry.Register(target, token, token);
        Assert.True(registry.Unregister(token));
        GC.KeepAlive(target);
    }

    // register/unregisterToken-same-as-target
    [Fact]
    public void The_token_may_be_the_target()
    {
        using FinalizationRegistry<string> registry = new(static _ => { });
        object target = new();
        registry.Register(target, "held", target);
        Assert.True(registry.Unregister(target));
        Assert.False(registry.Unregister(target));
    }

    // register/unregisterToken-same-as-holdings-and-target
    [Fact]
    public void The_token_may_not_be_target_and_held_value()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        object target = new();
        Assert.Throws<ArgumentException>(() => registry.Register(target, target, target));
        Assert.False(registry.Unregister(target));
    }

    // unregister/unregister-object-token
    [Fact]
    public void Unregister_removes_all_registrations_of_a_token_and_says_so()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        object target1 = new(), target2 = new(), target3 = new(), token1 = new(), token2 = new();
        object held = new();

        Assert.False(registry.Unregister(token1));

        registry.Register(target1, held, token1);
        registry.Register(target1, held, token1);
        registry.Register(target1, held, token2);
        Assert.True(registry.Unregister(token1));
        Assert.False(registry.Unregister(token1));
        Assert.True(registry.Unregister(token2));
        Assert.False(registry.Unregister(token2));

        registry.Register(target1, held, token1);
        registry.Register(target2, held, token1);
        registry.Register(target3, held);
        Assert.True(registry.Unregister(token1));
        Assert.False(registry.Unregister(token1));
        Assert.False(registry.Unregister(target1));
        Assert.False(registry.Unregister(target3));
        Assert.False(registry.Unregister(held));
        GC.KeepAlive(target1);
        GC.KeepAlive(target2);
        GC.KeepAlive(target3);
    }

    [Fact]
    public void Tokens_are_compared_by_reference()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new();
        string token = new('x', 3), equal = new('x', 3);
        registry.Register(target, 1, token);
        Assert.False(registry.Unregister(equal));
        Assert.True(registry.Unregister(token));
        GC.KeepAlive(target);
    }

    [Fact]
    public void Cancelling_by_registration_and_by_token_exclude_each_other()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new(), token = new();

        var registration = registry.Register(target, 1, token);
        Assert.True(registration.Unregister());
        Assert.False(registry.Unregister(token));

        registration = registry.Register(target, 1, token);
        Assert.True(registry.Unregister(token));
        Assert.False(registration.Unregister());
        GC.KeepAlive(target);
    }

    [Fact]
    public void An_old_registration_does_not_cancel_the_next_one_in_its_place()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new();
        var old = registry.Register(target, 1);
        Assert.True(old.Unregister());
        var all = Enumerable.Range(0, 1000).Select(i => registry.Register(target, i)).ToArray();
        Assert.False(old.Unregister());
        Assert.All(all, registration => Assert.True(registration.Unregister()));
        GC.KeepAlive(target);
    }

    [Fact]
    public void Many_tokens_in_any_order()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new();
        var tokens = Enumerable.Range(0, 5000).Select(_ => new object()).ToArray();
        foreach (var token in tokens)
        {
            registry.Register(target, 1, token);
        }
        // Every third is cancelled and registered twice, so that records are reused.
        for (var i = 0; i < tokens.Length; i += 3)
        {
            Assert.True(registry.Unregister(tokens[i]));
            registry.Register(target, 2, tokens[i]);
            registry.Register(target, 3, tokens[i]);
        }

        foreach (var token in tokens.Reverse())
        {
            Assert.True(registry.Unregister(token));
            Assert.False(registry.Unregister(token));
        }

        GC.KeepAlive(target);
    }

    [Fact]
    public void A_default_registration_is_harmless()
    {
        Registration none = default;
        Assert.False(none.Unregister());
        Assert.True(none == default);
        Assert.Equal(0, none.GetHashCode());
    }

    [Fact]
    public void Registrations_compare_by_call()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new();
        Registration first = registry.Register(target, 1), second = registry.Register(target, 1), copy = first;
        Assert.True(first == copy);
        Assert.True(first != second);
        Assert.True(first.Equals((object)copy));
        Assert.False(first.Equals("other"));
        Assert.Equal(first.GetHashCode(), copy.GetHashCode());
        GC.KeepAlive(target);
    }

    [Fact]
    public void CleanupSome_refuses_a_negative_number()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        Assert.Equal("max", Assert.Throws<ArgumentOutOfRangeException>(() => registry.CleanupSome(-1)).ParamName);
        Assert.Equal(0, registry.CleanupSome(0));
    }

    [Fact]
    public void After_Dispose()
    {
        FinalizationRegistry<int> registry = new(static _ => { });
        object target = new(), token = new();
        var registration = registry.Register(target, 1, token);
        registry.Dispose();
        registry.Dispose();

        Assert.Throws<ObjectDisposedException>(() => registry.Register(target, 1));
        Assert.Throws<ObjectDisposedException>(() => registry.Register(target, 1, token));
        Assert.False(registry.Unregister(token));
        Assert.False(registration.Unregister());
        Assert.Equal(0, registry.CleanupSome());
        GC.KeepAlive(target);
    }

    [Fact]
    public void A_failure_needs_an_exception()
    {
        Assert.Equal("exception", Assert.Throws<ArgumentNullException>(() => new CleanupFailedEventArgs(null!, 1)).ParamName);
        InvalidOperationException exception = new();
        CleanupFailedEventArgs failure = new(exception, 1);
        Assert.Same(exception, failure.Exception);
        Assert.Equal(1, failure.HeldValue);
    }
}
