using System.Collections.Concurrent;
using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>Content in memory that a test can let fail or wait.</summary>
internal sealed class FakeContent : ISnapshotContent, IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _numbers = [];

    public Func<StoredSnapshot, CancellationToken, Task> Make { get; set; } = (_, _) => Task.CompletedTask;

    public Func<StoredSnapshot, CancellationToken, Task<SnapshotUsage>> Measure { get; set; } = (_, _) => Task.FromResult(new SnapshotUsage(4096, 1));

    public Func<long, RemovalReport?> Remove { get; set; } = _ => null;

    public Func<StoredSnapshot, Mount> Mount { get; set; } = snapshot => global::Containerd.Snapshots.Mount.Bind(snapshot.Info.Kind, $"/{snapshot.Number}");

    public Func<StoredSnapshot, bool> Look { get; set; } = _ => false;

    /// <summary>The numbers of the contents that exist, ascending.</summary>
    public long[] Numbers => [.. _numbers.Keys.Order()];

    public ConcurrentQueue<string> Calls { get; } = [];

    public HashSet<long> Damaged { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>Adds content that no snapshot has.</summary>
    public FakeContent With(params long[] numbers)
    {
        foreach (var number in numbers)
            _numbers[number] = true;
        return this;
    }

    public void Lose(long number) => _numbers.TryRemove(number, out _);

    public ContentListing List() => new(Numbers);

    public async ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        _numbers[snapshot.Number] = true;
        await Make(snapshot, cancellationToken);
        Calls.Enqueue($"make {snapshot.Number}");
    }

    public IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot) => [Mount(snapshot)];

    public ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"seal {snapshot.Number}");
        return default;
    }

    public async ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"measure {snapshot.Number}");
        return await Measure(snapshot, cancellationToken);
    }

    public ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"remove {number}");
        var report = Remove(number);
        if (report is null or { IsComplete: true })
            _numbers.TryRemove(number, out _);
        return new(report);
    }

    public bool IsLost(StoredSnapshot snapshot) => Look(snapshot) || Damaged.Contains(snapshot.Number);

    public void Dispose() => IsDisposed = true;
}
