namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>The cases of ASCII letters.</summary>
internal static class AsciiCase
{
    private const int Distance = 'a' - 'A';
    private const int KelvinSign = 0x212A;
    private const int LongS = 0x17F;

    /// <summary>Ranges, and the other cases of the ASCII letters in them.</summary>
    public static IEnumerable<(int First, int Last)> Fold(IEnumerable<(int First, int Last)> ranges)
    {
        foreach (var range in ranges)
        {
            yield return range;
            var (upper, lower) = (Common(range, ('A', 'Z')), Common(range, ('a', 'z')));
            yield return (upper.First + Distance, upper.Last + Distance);
            yield return (lower.First - Distance, lower.Last - Distance);

            // The two characters outside ASCII that have a case in it.
            if (HasLetter(range, 'k'))
                yield return (KelvinSign, KelvinSign);

            if (HasLetter(range, 's'))
                yield return (LongS, LongS);
        }
    }

    // Ends before it starts if nothing is common.
    private static (int First, int Last) Common((int First, int Last) one, (int First, int Last) other) =>
        (Math.Max(one.First, other.First), Math.Min(one.Last, other.Last));

    private static bool HasLetter((int First, int Last) range, int lower) =>
        (range.First <= lower && lower <= range.Last) || (range.First <= lower - Distance && lower - Distance <= range.Last);
}
