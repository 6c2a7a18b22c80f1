using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// What was found out about files, declarations and bodies, each kept for as long as that lives: an editor keeps an analyzer for
/// days. One object serves an analyzer, whose rules hand it down.
/// </summary>
internal sealed class KnownFacts
{
    private readonly ConcurrentDictionary<Type, object> _tables = new();

    /// <summary>The fact of this type about the key; looked for at the first question.</summary>
    public TFact Of<TKey, TFact>(TKey key, ConditionalWeakTable<TKey, TFact>.CreateValueCallback find)
        where TKey : class
        where TFact : class =>
        ((ConditionalWeakTable<TKey, TFact>)_tables.GetOrAdd(typeof(TFact), static _ => new ConditionalWeakTable<TKey, TFact>()))
            .GetValue(key, find);
}
