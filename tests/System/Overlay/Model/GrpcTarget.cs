using Containerd.Snapshots.Tests.Model;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Model;

/// <summary>Runs the model's calls on a snapshotter, through its socket.</summary>
internal class GrpcTarget(Wire.Snapshots.SnapshotsClient calls) : ITarget
{
    protected Wire.Snapshots.SnapshotsClient Calls => calls;

    /// <summary>The number of calls so far.</summary>
    public int Count { get; private set; }

    public async Task<string> RunAsync(Operation operation)
    {
        Count++;
        try
        {
            return await AnswerAsync(operation);
        }
        catch (RpcException exception)
        {
            return Answer.Error(exception.StatusCode);
        }
    }

    protected virtual async Task<string> AnswerAsync(Operation operation) => operation switch
    {
        Operation.Prepare call => Mount((await calls.PrepareAsync(new() { Key = call.Key, Parent = call.Parent, Labels = { call.Labels.ToDictionary() } })).Mounts),
        Operation.View call => Mount((await calls.ViewAsync(new() { Key = call.Key, Parent = call.Parent, Labels = { call.Labels.ToDictionary() } })).Mounts),
        Operation.Commit call => Done(await calls.CommitAsync(new() { Name = call.Name, Key = call.Key, Parent = call.Parent, Labels = { call.Labels.ToDictionary() } })),
        Operation.Remove call => Done(await calls.RemoveAsync(new() { Key = call.Key })),
        Operation.Update call => Info((await calls.UpdateAsync(new()
        {
            Info = new() { Name = call.Key, Labels = { call.Labels.ToDictionary() } },
            UpdateMask = new() { Paths = { call.Paths.All } },
        })).Info),
        Operation.Stat call => Info((await calls.StatAsync(new() { Key = call.Key })).Info),
        Operation.Mounts call => Mount((await calls.MountsAsync(new() { Key = call.Key })).Mounts),
        Operation.List call => Answer.Infos((await calls.ListAsync(call.Filter)).Select(Info)),
        Operation.Usage call => Usage(await calls.UsageAsync(new() { Key = call.Key })),
        Operation.Cleanup => Done(await calls.CleanupAsync(new())),
        _ => throw new ArgumentException($"unknown: {operation}"),
    };

    private static string Done(object _) => Answer.Done;

    private static string Info(Info info) => Answer.Info(info.Name, info.Kind.ToString(), info.Parent, info.Labels);

    // No history writes a file: only the directory counts, and nothing of a view.
    private static string Usage(UsageResponse usage) => usage is { Inodes: 1, Size: >= 0 } or { Inodes: 0, Size: 0 } ? Answer.Done : $"{usage}";

    private static string Mount(IEnumerable<Mount> mounts)
    {
        var mount = mounts.Single();
        if (mount.Type == "bind")
            return Answer.Mount(isActive: mount.Options.Contains("rw"), parents: 0);

        return Answer.Mount(mount.Option("upperdir") is not null, mount.Lower().Count);
    }
}
