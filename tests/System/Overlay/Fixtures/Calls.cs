using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>The calls with default arguments.</summary>
internal static class Calls
{
    public static IReadOnlyList<Mount> Prepare(this Wire.Snapshots.SnapshotsClient calls, string key, string parent = "") =>
        calls.Prepare(new PrepareSnapshotRequest { Key = key, Parent = parent }).Mounts;

    public static IReadOnlyList<Mount> View(this Wire.Snapshots.SnapshotsClient calls, string key, string parent = "") =>
        calls.View(new ViewSnapshotRequest { Key = key, Parent = parent }).Mounts;

    public static void Commit(this Wire.Snapshots.SnapshotsClient calls, string name, string key) =>
        calls.Commit(new CommitSnapshotRequest { Name = name, Key = key });

    public static void Remove(this Wire.Snapshots.SnapshotsClient calls, string key) =>
        calls.Remove(new RemoveSnapshotRequest { Key = key });

    public static void Cleanup(this Wire.Snapshots.SnapshotsClient calls) => calls.Cleanup(new CleanupRequest());

    public static UsageResponse Usage(this Wire.Snapshots.SnapshotsClient calls, string key) => calls.Usage(new UsageRequest { Key = key });

    /// <summary>A committed snapshot with a file in it.</summary>
    public static void Layer(this Wire.Snapshots.SnapshotsClient calls, string name, string parent = "")
    {
        File.WriteAllText(Path.Combine(calls.Prepare($"{name}-key", parent).Writable(), $"from-{name}"), name);
        calls.Commit(name, $"{name}-key");
    }

    /// <summary>The infos of all snapshots, sorted by name.</summary>
    public static async Task<IReadOnlyList<Info>> ListAsync(this Wire.Snapshots.SnapshotsClient calls, string filter = "")
    {
        using var list = calls.List(new() { Filters = { filter } });
        var infos = new List<Info>();
        await foreach (var message in list.ResponseStream.ReadAllAsync())
            infos.AddRange(message.Info);

        return [.. infos.OrderBy(info => info.Name, StringComparer.Ordinal)];
    }

    /// <summary>The directory that a container's changes go to.</summary>
    public static string Writable(this IEnumerable<Mount> mounts) =>
        mounts.Single() is { Type: "bind" } bind ? bind.Source : mounts.Single().Option("upperdir")!;

    /// <summary>Every directory that a mount names.</summary>
    public static IEnumerable<DirectoryInfo> Directories(this Mount mount) =>
        new[] { mount.Type == "bind" ? mount.Source : null, mount.Option("upperdir"), mount.Option("workdir") }
            .OfType<string>().Concat(mount.Lower()).Select(path => new DirectoryInfo(path));

    /// <summary>Every directory that a mount names, or the image that it mounts.</summary>
    public static IEnumerable<FileSystemInfo> Content(this Mount mount) =>
        mount.Type is "bind" or "overlay" ? mount.Directories() : [new FileInfo(mount.Source)];

    /// <summary>The lower directories, nearest first.</summary>
    public static IReadOnlyList<string> Lower(this Mount mount) => mount.Option("lowerdir")?.Split(':') ?? [];

    /// <summary>The value of a mount option, or null.</summary>
    public static string? Option(this Mount mount, string name) =>
        mount.Options.SingleOrDefault(option => option.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
