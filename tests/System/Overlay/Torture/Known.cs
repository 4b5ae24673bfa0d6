using System.Collections.Immutable;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>What is known of a snapshot.</summary>
/// <param name="Number">What its directory is called; 0 where the answer that tells it has not come.</param>
internal sealed record Known(Kind Kind, string Parent, string Label, long Number)
{
    public const string LabelName = "step";

    public static bool AreSame(ImmutableDictionary<string, Known> known, IReadOnlyDictionary<string, Known> found) =>
        known.Count == found.Count && known.All(each => found.TryGetValue(each.Key, out var other) && each.Value.IsSame(other));

    private bool IsSame(Known found) => this == (Number == 0 ? found with { Number = 0 } : found);
}

/// <summary>The numbers that any snapshot has had.</summary>
internal sealed class UsedNumbers
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _used = [];

    /// <summary>A new snapshot has this number.</summary>
    public void AssertNew(long number)
    {
        lock (_lock)
        {
            if (!_used.Add(number))
                throw new AssertionException($"The number {number} was handed out twice.");
        }
    }

    /// <summary>These were on the disk when the snapshotter was killed: maybe of snapshots that nobody has heard of.</summary>
    public void Seen(IEnumerable<long> numbers)
    {
        lock (_lock)
            _used.UnionWith(numbers);
    }
}
