using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Model;

namespace Containerd.Snapshots.Tests.Storage.Model;

/// <summary>The store, for the model's calls.</summary>
internal class StoreTarget(SnapshotStore store) : ITarget
{
    public async Task<string> RunAsync(Operation operation)
    {
        try
        {
            return await AnswerAsync(operation);
        }
        catch (SnapshotterException exception)
        {
            return Answer.Error(exception.Error);
        }
    }

    protected virtual async Task<string> AnswerAsync(Operation operation) => operation switch
    {
        Operation.Prepare call => Mounts(await CreateAsync(SnapshotKind.Active, call.Key, call.Parent, call.Labels)),
        Operation.View call => Mounts(await CreateAsync(SnapshotKind.View, call.Key, call.Parent, call.Labels)),
        Operation.Commit call => Done(await store.CommitAsync(
            call.Name, call.Key, call.Parent, call.Labels.ToDictionary(), (_, _) => ValueTask.FromResult(SnapshotUsage.None))),
        Operation.Remove call => Done(await store.RemoveAsync(call.Key)),
        Operation.Update call => Info(await store.UpdateAsync(
            new() { Name = call.Key, Kind = SnapshotKind.Unknown, Labels = call.Labels.ToDictionary() }, call.Paths.All)),
        Operation.Stat call => store.Stat(call.Key) is { } info ? Info(info) : Answer.Error(SnapshotterError.NotFound),
        Operation.Mounts call => store.Find(call.Key) is { } found ? Mounts(found) : Answer.Error(SnapshotterError.NotFound),
        Operation.List call => Answer.Infos(store.Walk(SnapshotFilter.Parse(call.Filter)).Select(Info)),
        Operation.Usage call => store.Find(call.Key) is { } found ? Done(found) : Answer.Error(SnapshotterError.NotFound),
        Operation.Cleanup => Answer.Done, // Not the store's: it has no content on disk.
        _ => throw new ArgumentException($"unknown: {operation}"),
    };

    private Task<StoredSnapshot> CreateAsync(SnapshotKind kind, string key, string parent, Labels labels) =>
        store.CreateAsync(kind, key, parent, labels.ToDictionary(), (_, _) => ValueTask.CompletedTask);

    private static string Done(StoredSnapshot _) => Answer.Done;

    private static string Info(SnapshotInfo info) => Answer.Info(info.Name, info.Kind.ToString(), info.Parent, info.Labels);

    private static string Mounts(StoredSnapshot snapshot) => snapshot.Info.Kind == SnapshotKind.Committed
        ? Answer.Error(SnapshotterError.FailedPrecondition)
        : Answer.Mount(snapshot.Info.Kind == SnapshotKind.Active, snapshot.Parents.Count);
}
