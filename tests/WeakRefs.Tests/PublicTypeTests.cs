using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>What every public type has.</summary>
public class PublicTypeTests
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(WeakRef).Assembly.Location, ".xml"));

    public static IEnumerable<TheoryDataRow<Type>> Types =>
        from type in typeof(WeakRef).Assembly.GetExportedTypes()
        where !type.IsEnum && !typeof(Attribute).IsAssignableFrom(type)
        select new TheoryDataRow<Type>(type);

    [Theory]
    [MemberData(nameof(Types))]
    public void It_says_what_may_be_done_on_which_thread(Type type)
    {
        var id = "T:" + type.FullName!.Replace('+', '.');
        var member = Documentation.Descendants("member").Single(member => (string?)member.Attribute("name") == id);
        Assert.Contains("thread", (string?)member.Element("remarks"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_debugger_shows_something_useful(Type type)
    {
        if (type is { IsAbstract: true, IsSealed: true })
        {
            return; // There is nothing to show.
        }

        var display = type.GetCustomAttribute<DebuggerDisplayAttribute>();
        Assert.NotNull(display);
        // What the text names is there: nobody else would notice.
        Assert.All(
            Regex.Matches(display.Value!, @"\{(\w+)"),
            match => Assert.Single(type.GetMember(
                match.Groups[1].Value, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)));
    }

    [Fact]
    public void What_it_shows()
    {
        object target = new();
        FinalizationRegistry<int> registry = new(static _ => { });
        WeakCache<int, object> cache = new(1);
        var registration = registry.Register(target, 1);
        cache.Set(1, target);
        cache.Set(2, target);
        Assert.Equal("1 registrations", Shown(registry));
        Assert.Equal("pending", Shown(registration));
        Assert.Equal("2 entries, 1 of them strong", Shown(cache));
        Assert.Equal("alive: System.Object", Shown(new WeakRef<object>(target)));
        Assert.Equal("empty", Shown(default(WeakRef<object>)));
        Assert.Equal("none", Shown(default(Registration)));
        var dead = Targets.MakeDead();
        Collector.CollectUntil(() => dead.Deref() is null, "it is not collected");
        Assert.Equal("dead", Shown(dead));
        registration.Unregister();
        Assert.Equal("called or cancelled", Shown(registration));
        registry.Dispose();
        cache.Dispose();
        Assert.Equal("disposed", Shown(registry));
        Assert.Equal("disposed", Shown(cache));
        GC.KeepAlive(target);
    }

    [Fact]
    public void The_assembly_has_a_strong_name() =>
        Assert.Equal(8, typeof(WeakRef).Assembly.GetName().GetPublicKeyToken()!.Length);

    private static object? Shown(object shown) =>
        shown.GetType().GetProperty("DebuggerDisplay", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(shown);
}
