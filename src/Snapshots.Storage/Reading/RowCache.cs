namespace Containerd.Snapshots.Storage.Reading;

/// <summary>
/// The snapshots that were read last, by name. Each name has one place, which it shares with others, so the memory is
/// bounded. While a change of a name is committed, and after it, no earlier row of that name gets in: the place has another
/// state then than when the row was read.
/// </summary>
internal sealed class RowCache
{
    private const int Places = 2048; // A power of two.
    private const int LongestLabels = 1024;

    private readonly Lock _lock = new();
    private readonly StoredSnapshot?[] _rows = new StoredSnapshot?[Places];

    // For each place, twice the number of changes that have ended; odd while one is committed.
    private readonly long[] _states = new long[Places];

    /// <summary>Returns a row, or null if it is not here.</summary>
    public StoredSnapshot? Find(string name) => Volatile.Read(ref _rows[PlaceOf(name)]) is { } row && row.Info.Name == name ? row : null;

    /// <summary>Returns what <see cref="Keep"/> needs; call it before the row is read.</summary>
    public long StateOf(string name) => Volatile.Read(ref _states[PlaceOf(name)]);

    /// <summary>Keeps a row, unless it may have changed since it was read.</summary>
    /// <param name="row">The row.</param>
    /// <param name="state">The state of its name before it was read.</param>
    public void Keep(StoredSnapshot row, long state)
    {
        if (long.IsOddInteger(state) || row.Info.Labels.Sum(label => label.Key.Length + label.Value.Length) > LongestLabels)
            return;

        var place = PlaceOf(row.Info.Name);
        lock (_lock)
        {
            if (_states[place] == state)
                Volatile.Write(ref _rows[place], row);
        }
    }

    /// <summary>Forgets names whose changes are about to be committed.</summary>
    public void BeginChange(IEnumerable<string> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                var place = PlaceOf(name);
                _states[place] |= 1;
                Volatile.Write(ref _rows[place], null);
            }
        }
    }

    /// <summary>The changes are committed, or undone.</summary>
    public void EndChange(IEnumerable<string> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                var place = PlaceOf(name);
                if (long.IsOddInteger(_states[place]))
                    _states[place]++;
            }
        }
    }

    private static int PlaceOf(string name) => name.GetHashCode(StringComparison.Ordinal) & (Places - 1);
}
