using System.Text;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>
/// The snapshots that were read last, by name. While a change of a name is committed, and after it, no earlier row of that
/// name gets in: the name has another state then than when the row was read. The memory is bounded.
/// </summary>
internal sealed class RowCache
{
    // Each name has eight places side by side, which it shares with others. Powers of two.
    private const int Places = 1 << 18, Shared = 8, States = 1 << 11;

    private const int LongestName = 512, LongestRow = 2048;

    // The rows of some 150,000 snapshots of images.
    private const long MaxLength = 64 << 20;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _rows = new byte[]?[Places];

    // Twice the number of changes that have ended, for some of the names and for all; odd while one is committed.
    private readonly long[] _states = new long[States];
    private long _stateOfAll;

    private int _next;

    /// <summary>How many bytes the rows have.</summary>
    public long Length { get; private set; }

    /// <summary>Returns a row, or null if it is not here.</summary>
    public StoredSnapshot? Find(string name)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        if (!Encoding.UTF8.TryGetBytes(name, buffer, out var length))
            return null;

        // Two names that are no valid text can have the same bytes.
        return TryFind(PlaceOf(name), buffer[..length], out var row) >= 0 && RowBytes.Read(row) is { } found && found.Info.Name == name ? found : null;
    }

    /// <summary>Returns what <see cref="Keep(StoredSnapshot, long)"/> needs; call it before the row is read.</summary>
    public long StateOf(string name) => Volatile.Read(ref StateAt(PlaceOf(name)));

    /// <summary>Returns what <see cref="Keep(IEnumerable{StoredSnapshot}, long)"/> needs; call it before the rows are read.</summary>
    public long StateOfAll() => Volatile.Read(ref _stateOfAll);

    /// <summary>Keeps a row, unless it may have changed since it was read.</summary>
    /// <param name="row">The row.</param>
    /// <param name="state">The state of its name before it was read.</param>
    public void Keep(StoredSnapshot row, long state)
    {
        if (long.IsOddInteger(state) || RowBytes.Write(row) is not { Length: <= LongestRow } bytes)
            return;

        lock (_lock)
        {
            if (StateOf(row.Info.Name) == state)
                Keep(row.Info.Name, bytes);
        }
    }

    /// <summary>Keeps rows, unless any row may have changed since they were read.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="state">The state of all names before they were read.</param>
    public void Keep(IEnumerable<StoredSnapshot> rows, long state)
    {
        if (long.IsOddInteger(state))
            return;

        foreach (var row in rows)
        {
            if (RowBytes.Write(row) is not { Length: <= LongestRow } bytes)
                continue;

            lock (_lock)
            {
                if (_stateOfAll != state)
                    return;

                Keep(row.Info.Name, bytes);
            }
        }
    }

    /// <summary>Forgets names whose changes are about to be committed.</summary>
    public void BeginChange(IEnumerable<string> names)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        lock (_lock)
        {
            _stateOfAll |= 1;
            foreach (var name in names)
            {
                var place = PlaceOf(name);
                StateAt(place) |= 1;
                if (!Encoding.UTF8.TryGetBytes(name, buffer, out var length))
                    continue;

                if (TryFind(place, buffer[..length], out _) is >= 0 and var kept)
                    Put(kept, null);
            }
        }
    }

    /// <summary>The changes are committed, or undone.</summary>
    public void EndChange(IEnumerable<string> names)
    {
        lock (_lock)
        {
            End(ref _stateOfAll);
            foreach (var name in names)
                End(ref StateAt(PlaceOf(name)));
        }

        static void End(ref long state) => state += state & 1;
    }

    private void Keep(string name, byte[] bytes)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        if (!Encoding.UTF8.TryGetBytes(name, buffer, out var length))
            return;

        if (Length + bytes.Length > MaxLength)
        {
            Array.Clear(_rows); // Those that are needed come back.
            Length = 0;
        }

        Put(PlaceFor(PlaceOf(name), buffer[..length]), bytes);
    }

    // That of the name's earlier row, or else an empty one, or else one of the eight in turn.
    private int PlaceFor(int place, ReadOnlySpan<byte> name)
    {
        if (TryFind(place, name, out _) is >= 0 and var earlier)
            return earlier;

        var empty = _rows.AsSpan(place, Shared).IndexOf((byte[]?)null);
        return place + (empty >= 0 ? empty : _next++ & (Shared - 1));
    }

    // The place of a name's row, or a negative number.
    private int TryFind(int place, ReadOnlySpan<byte> name, out byte[] found)
    {
        for (var at = place; at < place + Shared; at++)
        {
            if (Volatile.Read(ref _rows[at]) is { } row && RowBytes.HasName(row, name))
            {
                found = row;
                return at;
            }
        }

        found = [];
        return -1;
    }

    private void Put(int place, byte[]? bytes)
    {
        Length += (bytes?.Length ?? 0) - (_rows[place]?.Length ?? 0);
        Volatile.Write(ref _rows[place], bytes);
    }

    private ref long StateAt(int place) => ref _states[place / Shared & (States - 1)];

    // The first of the eight.
    private static int PlaceOf(string name) => name.GetHashCode(StringComparison.Ordinal) & (Places - Shared);
}
