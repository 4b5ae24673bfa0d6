using System.Collections;

namespace Containerd.Snapshots.Runtime.Model;

/// <summary>A list of strings as a value: immutable, and equal to others with the same elements.</summary>
internal sealed class ValueList : IReadOnlyList<string>, IEquatable<ValueList>
{
    private readonly string[] _items;

    private ValueList(string[] items) => _items = items;

    public static ValueList Empty { get; } = new([]);

    public static ValueList Of(IReadOnlyList<string> items) => items switch
    {
        ValueList same => same,
        { Count: 0 } => Empty,
        _ => Copy(items),
    };

    /// <summary>Takes items that nobody else has and that will not change; null is none.</summary>
    public static ValueList Adopt(List<string>? items) => items is null ? Empty : new([.. items]);

    public int Count => _items.Length;

    public string this[int index] => _items[index];

    public ReadOnlySpan<string> AsSpan() => _items;

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(ValueList? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
            hash.Add(item);

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    private static ValueList Copy(IReadOnlyList<string> items)
    {
        string[] copy = [.. items];
        if (Array.IndexOf(copy, null) is var index and >= 0)
            throw new ArgumentException($"The element at index {index} is null.");

        return new(copy);
    }
}
