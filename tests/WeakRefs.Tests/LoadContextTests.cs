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
        var context = LoadUseUnload(withOwnLibrary);
        Collector.CollectUntil(() => !context.IsAlive, "the load context was kept");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadUseUnload(bool withOwnLibrary)
    {
        PluginContext context = new(withOwnLibrary);
        var copy = context.LoadFromAssemblyPath(typeof(Plugin).Assembly.Location);
        var plugin = copy.GetType(typeof(Plugin).FullName!)!;
        Assert.NotSame(typeof(Plugin), plugin);
        var use = plugin.GetMethod(nameof(Plugin.Use))!;
        var library = (Assembly)use.Invoke(null, null)!;
        Assert.Equal(withOwnLibrary, library != typeof(WeakRef).Assembly);
        context.Unload();
        return new WeakReference(context);
    }

    /// <summary>Runs inside the context.</summary>
    public static class Plugin
    {
        private static readonly FinalizationRegistry<Held> Registry = new(static _ => _calls++);
        private static readonly WeakCache<string, object> Cache = new(10);
        private static readonly object Live = new();
        private static volatile int _calls;

        /// <summary>Leaves dead and live registrations behind, after at least one callback; returns the library in use.</summary>
        public static Assembly Use()
        {
            for (var i = 0; i < 5000; i++)
            {
                Registry.Register(Live, new Held(), Live);
                Targets.RegisterDead(Registry, new Held());
                Cache.Set(i.ToString(), new object());
            }

            Collector.CollectUntil(() => _calls > 0, "no callback in the load context");
            Targets.RegisterDead(Registry, new Held());
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
