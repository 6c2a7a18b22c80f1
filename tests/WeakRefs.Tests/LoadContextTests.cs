using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Collectible load contexts must unload, whoever shares the library with whom.</summary>
public class LoadContextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_context_with_registrations_unloads(bool withOwnLibrary)
    {
        WeakReference context = LoadUseUnload(withOwnLibrary);
        Collector.CollectUntil(() => !context.IsAlive, "the load context was kept");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadUseUnload(bool withOwnLibrary)
    {
        PluginContext context = new(withOwnLibrary);
        Assembly copy = context.LoadFromAssemblyPath(typeof(Plugin).Assembly.Location);
        Type plugin = copy.GetType(typeof(Plugin).FullName!)!;
        Assert.NotSame(typeof(Plugin), plugin);
        MethodInfo use = plugin.GetMethod(nameof(Plugin.Use))!;
        Assembly library = (Assembly)use.Invoke(null, null)!;
        Assert.Equal(withOwnLibrary, library != typeof(WeakRef).Assembly);
        context.Unload();
        return new WeakReference(context);
    }

    /// <summary>Runs inside the context.</summary>
    public static class Plugin
    {
        private static readonly FinalizationRegistry<Held> s_registry = new(static _ => s_calls++);
        private static readonly WeakCache<string, object> s_cache = new(10);
        private static readonly object s_live = new();
        private static volatile int s_calls;

        /// <summary>Leaves dead and live registrations behind, after at least one callback; returns the library in use.</summary>
        public static Assembly Use()
        {
            for (int i = 0; i < 5000; i++)
            {
                s_registry.Register(s_live, new Held(), s_live);
                Targets.RegisterDead(s_registry, new Held());
                s_cache.Set(i.ToString(), new object());
            }

            Collector.CollectUntil(() => s_calls > 0, "no callback in the load context");
            Targets.RegisterDead(s_registry, new Held());
            return typeof(WeakRef).Assembly;
        }
    }

    public sealed class Held;

    private sealed class PluginContext(bool withOwnLibrary) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name) =>
            withOwnLibrary && name.Name == typeof(WeakRef).Assembly.GetName().Name
                ? LoadFromAssemblyPath(typeof(WeakRef).Assembly.Location)
                : null;
    }
}
