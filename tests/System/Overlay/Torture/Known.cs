using System.Collections.Immutable;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>The known state of a snapshot.</summary>
/// <param name="Number">The name of its directory; 0 as long as no answer has given it.</param>
internal sealed record Known(Kind Kind, string Parent, string Label, long Number)
{
    public const string LabelName = "step";

    public static bool AreSame(ImmutableDictionary<string, Known> known, IReadOnlyDictionary<string, Known> found) =>
        known.Count == found.Count && known.All(each => found.TryGetValue(each.Key, out var other) && each.Value.IsSame(other));

    private bool IsSame(Known found) => this == (Number == 0 ? found with { Number = 0 } : found);
}

/// <summary>All numbers that snapshots have had.</summary>
internal sealed class UsedNumbers
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _used = [];
    private ImmutableHashSet<long> _marked = [];

    /// <summary>The numbers of the snapshots that have their mark: a file with their number.</summary>
    public ImmutableHashSet<long> Marked => _marked;

    public void Mark(long number) => ImmutableInterlocked.Update(ref _marked, static (marked, number) => marked.Add(number), number);

    /// <summary>Asserts that a new snapshot's number was never used before.</summary>
    public void AssertNew(long number)
    {
        lock (_lock)
        {
            if (!_used.Add(number))
                throw new AssertionException($"The number {number} was handed out twice.");
        }
    }

    /// <summary>Adds numbers that were on the disk at a crash, possibly of snapshots that were never answered.</summary>
    public void Seen(IEnumerable<long> numbers)
    {
        lock (_lock)
            _used.UnionWith(numbers);
    }
}
