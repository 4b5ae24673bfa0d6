namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>What has been read of a group: its flags, its size, and the element that a repetition would repeat.</summary>
internal sealed class Re2Group(Re2Flags flags)
{
    // RE2 allows no more, nested counts multiplied.
    private const int MaxRepetitions = 1000;

    private int _size;
    private int _repetitions = 1;
    private Element? _last;

    /// <summary>The flags from here to the end of the group.</summary>
    public Re2Flags Flags { get; set; } = flags;

    /// <summary>The number of elements with all counts written out.</summary>
    public int Size => _size + (_last?.Size ?? 0);

    /// <summary>The largest product of nested counts.</summary>
    public int Repetitions => Math.Max(_repetitions, _last?.Repetitions ?? 0);

    public void Add(int size, int repetitions = 1)
    {
        StartAlternative();
        _last = new(size, repetitions, IsRepeated: false);
    }

    public void StartAlternative() => (_size, _repetitions, _last) = (Size, Repetitions, null);

    /// <summary>Repeats the last element; false if there is none, or none that RE2 would repeat.</summary>
    public bool TryRepeat(Re2Repetition repetition)
    {
        if (_last is not { IsRepeated: false } last)
            return false;

        if (repetition.Max == 0)
        {
            _last = new(Size: 1, Repetitions: 1, IsRepeated: true);
            return true;
        }

        var count = Math.Max(1, repetition.Count);
        _last = new(count * last.Size, count * last.Repetitions, IsRepeated: true);
        return count * last.Repetitions <= MaxRepetitions;
    }

    private readonly record struct Element(int Size, int Repetitions, bool IsRepeated);
}

/// <summary>The flags of RE2 that change whether an expression matches: i, m and s.</summary>
[Flags]
internal enum Re2Flags
{
    None = 0,
    IgnoreCase = 1,
    MultiLine = 2,
    DotAll = 4,
}
