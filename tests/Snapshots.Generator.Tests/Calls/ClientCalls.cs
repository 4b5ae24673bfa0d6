using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>Each call as containerd makes it, and its answer in short.</summary>
internal static class ClientCalls
{
    private static readonly Dictionary<string, Func<Wire.Snapshots.SnapshotsClient, string, CallOptions, Task<string>>> Calls = new()
    {
        ["Stat"] = async (client, name, options) =>
            (await client.StatAsync(new() { Snapshotter = name, Key = "key" }, options)).Info.Name,
        ["Update"] = async (client, name, options) =>
            (await client.UpdateAsync(new() { Snapshotter = name, Info = Info(), UpdateMask = new() { Paths = { "labels.a", "labels.b" } } }, options)).Info.Name,
        ["Usage"] = async (client, name, options) =>
            (await client.UsageAsync(new() { Snapshotter = name, Key = "key" }, options)).Size.ToString(),
        ["Mounts"] = async (client, name, options) =>
            Sources((await client.MountsAsync(new() { Snapshotter = name, Key = "key" }, options)).Mounts),
        ["Prepare"] = async (client, name, options) =>
            Sources((await client.PrepareAsync(new() { Snapshotter = name, Key = "key", Parent = "parent", Labels = { ["a"] = "1" } }, options)).Mounts),
        ["View"] = async (client, name, options) =>
            Sources((await client.ViewAsync(new() { Snapshotter = name, Key = "key", Parent = "parent", Labels = { ["a"] = "1" } }, options)).Mounts),
        ["Commit"] = async (client, name, options) =>
            Text(await client.CommitAsync(new() { Snapshotter = name, Name = "name", Key = "key", Parent = "parent", Labels = { ["a"] = "1" } }, options)),
        ["Remove"] = async (client, name, options) =>
            Text(await client.RemoveAsync(new() { Snapshotter = name, Key = "key" }, options)),
        ["Walk"] = async (client, name, options) =>
            await NamesAsync(client.List(new() { Snapshotter = name, Filters = { "name!=other" } }, options)),
        ["Cleanup"] = async (client, name, options) =>
            Text(await client.CleanupAsync(new() { Snapshotter = name }, options)),
    };

    public static IEnumerable<string> Names => Calls.Keys;

    /// <summary>Calls a snapshotter.</summary>
    /// <returns>Name, size or sources of the answer; empty for a call that is answered with nothing.</returns>
    public static Task<string> CallAsync(this Wire.Snapshots.SnapshotsClient client, string call, string snapshotter, CallOptions options) =>
        Calls[call](client, snapshotter, options);

    /// <summary>Calls a snapshotter in a containerd namespace.</summary>
    public static Task<string> CallAsync(this Wire.Snapshots.SnapshotsClient client, string call, string snapshotter, string @namespace) =>
        client.CallAsync(call, snapshotter, new CallOptions(new Metadata { { "containerd-namespace", @namespace } }));

    /// <summary>Calls a snapshotter that fails.</summary>
    public static async Task<RpcException> FailureAsync(this Wire.Snapshots.SnapshotsClient client, string call, string snapshotter, string @namespace) =>
        (await Assert.ThrowsAsync<RpcException>(() => client.CallAsync(call, snapshotter, @namespace)))!;

    private static Info Info() => new() { Name = "name", Labels = { ["a"] = "1" } };

    private static string Sources(IEnumerable<Wire.Mount> mounts) => string.Join(' ', mounts.Select(mount => mount.Source));

    private static string Text(Google.Protobuf.WellKnownTypes.Empty _) => "";

    private static async Task<string> NamesAsync(AsyncServerStreamingCall<ListSnapshotsResponse> call)
    {
        var names = new List<string>();
        await foreach (var message in call.ResponseStream.ReadAllAsync())
            names.AddRange(message.Info.Select(info => info.Name));

        return string.Join(' ', names);
    }
}
