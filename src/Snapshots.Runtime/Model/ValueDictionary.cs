using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Containerd.Snapshots.Runtime.Model;

/// <summary>Labels as a value: immutable, and equal to others with the same keys and values.</summary>
internal sealed class ValueDictionary : IReadOnlyDictionary<string, string>, IEquatable<ValueDictionary>
{
    private readonly Dictionary<string, string> _entries;

    private ValueDictionary(Dictionary<string, string> entries) => _entries = entries;

    public static ValueDictionary Empty { get; } = new([]);

    public static ValueDictionary Of(IReadOnlyDictionary<string, string> entries) => entries switch
    {
        ValueDictionary same => same,
        { Count: 0 } => Empty,
        _ => Copy(entries),
    };

    /// <summary>Takes entries that nobody else has and that will not change; null is none.</summary>
    public static ValueDictionary Adopt(Dictionary<string, string>? entries) => entries is null ? Empty : new(entries);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<string> Values => _entries.Values;

    public string this[string key] => _entries[key];

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _entries.TryGetValue(key, out value);

    public Dictionary<string, string>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ValueDictionary? other)
    {
        if (other is null || other.Count != Count)
            return false;

        foreach (var (key, value) in _entries)
        {
            if (!other.TryGetValue(key, out var theirs) || theirs != value)
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ValueDictionary);

    public override int GetHashCode()
    {
        var hash = _entries.Count;
        foreach (var (key, value) in _entries)
            hash ^= HashCode.Combine(key, value); // The order of entries means nothing.

        return hash;
    }

    public override string ToString() => $"{{ {string.Join(", ", _entries.Select(entry => $"{entry.Key} = {entry.Value}"))} }}";

    private static ValueDictionary Copy(IReadOnlyDictionary<string, string> entries)
    {
        var copy = new Dictionary<string, string>(entries.Count, StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            copy.Add(key, value ?? throw new ArgumentException($"The value of label \"{key}\" is null."));

        return new(copy);
    }
}
