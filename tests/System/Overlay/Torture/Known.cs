using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Containerd.Snapshots.Tests.Disks;
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

/// <summary>The files that were on the disk before their snapshot's last call: they stay as long as the snapshot does.</summary>
internal sealed class DurableFiles
{
    private readonly ConcurrentDictionary<long, (string Name, int Length)[]> _files = [];

    /// <summary>Syncs the files that were written into a snapshot's directory.</summary>
    public void Sync(long number, string directory)
    {
        Kernel.SyncFileSystem(directory);
        _files[number] = [.. new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(directory, file.FullName), (int)file.Length))];
    }

    public void AssertKept(long number, string directory)
    {
        foreach (var (name, length) in _files.GetValueOrDefault(number, []))
            Assert.That(new FileInfo($"{directory}/{name}"), Has.Property("Exists").True.And.Property("Length").EqualTo(length), $"{directory}/{name}");
    }
}

/// <summary>When the last call began that was answered and is durable with all that was answered before it began.</summary>
internal sealed class LastSync
{
    private long _begin;

    public static long Now => Stopwatch.GetTimestamp();

    public void Answered(long begin)
    {
        for (var last = Volatile.Read(ref _begin); last < begin; last = Volatile.Read(ref _begin))
            Interlocked.CompareExchange(ref _begin, begin, last);
    }

    public bool Covers(long answered) => answered < Volatile.Read(ref _begin);
}
