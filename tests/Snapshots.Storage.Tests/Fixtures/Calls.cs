using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>The store's calls, with defaults for what a test does not need.</summary>
internal static class Calls
{
    public static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    public static Task<StoredSnapshot> PrepareAsync(this SnapshotStore store, string key, string parent = "", IReadOnlyDictionary<string, string>? labels = null) =>
        store.CreateAsync(SnapshotKind.Active, key, parent, labels ?? NoLabels, static (_, _) => ValueTask.CompletedTask);

    public static Task<StoredSnapshot> ViewAsync(this SnapshotStore store, string key, string parent = "") =>
        store.CreateAsync(SnapshotKind.View, key, parent, NoLabels, static (_, _) => ValueTask.CompletedTask);

    public static Task<StoredSnapshot> CommitAsync(this SnapshotStore store, string name, string key, string parent = "", IReadOnlyDictionary<string, string>? labels = null) =>
        store.CommitAsync(name, key, parent, labels ?? NoLabels, static (_, _) => ValueTask.FromResult(new SnapshotUsage(4096, 1)));

    public static Task<StoredSnapshot> CreateCommittedAsync(this SnapshotStore store, string name, string parent = "", IReadOnlyDictionary<string, string>? labels = null) =>
        store.CreateCommittedAsync(name, parent, labels ?? NoLabels, static (_, _) => ValueTask.FromResult(new SnapshotUsage(4096, 1)));

    /// <summary>Makes a committed snapshot.</summary>
    public static async Task<StoredSnapshot> LayerAsync(this SnapshotStore store, string name, string parent = "")
    {
        await store.PrepareAsync($"{name}-key", parent);
        return await store.CommitAsync(name, $"{name}-key");
    }
}
