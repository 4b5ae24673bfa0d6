using System.Globalization;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Model;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Model;

/// <summary>
/// Runs calls on an overlay snapshotter, writes files into new snapshots, and answers with all of a mount and of a usage. In
/// mounts, a directory is replaced by the number of its first appearance.
/// </summary>
internal sealed partial class ExactTarget(Wire.Snapshots.SnapshotsClient calls) : GrpcTarget(calls)
{
    private const int LargestFile = 20_000;

    private readonly Dictionary<string, int> _directories = [];
    private int _written;

    protected override async Task<string> AnswerAsync(Operation operation) => operation switch
    {
        Operation.Prepare call => Written((await Calls.PrepareAsync(new() { Key = call.Key, Parent = call.Parent, Labels = { call.Labels.ToDictionary() } })).Mounts),
        Operation.View call => Text((await Calls.ViewAsync(new() { Key = call.Key, Parent = call.Parent, Labels = { call.Labels.ToDictionary() } })).Mounts),
        Operation.Mounts call => Text((await Calls.MountsAsync(new() { Key = call.Key })).Mounts),
        Operation.Usage call => $"{await Calls.UsageAsync(new() { Key = call.Key })}",
        _ => await base.AnswerAsync(operation),
    };

    // Files of some size, the same in each target that runs the same calls.
    private string Written(IReadOnlyCollection<Mount> mounts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(mounts.Writable(), "folder")).FullName;
        for (var i = ++_written % 4; i > 0; i--)
            File.WriteAllBytes(Path.Combine(folder, $"{i}"), new byte[_written * 1237 * i % LargestFile]);

        return Text(mounts);
    }

    private string Text(IEnumerable<Mount> mounts) => SnapshotDirectory().Replace(
        string.Join('\n', mounts.Select(mount => $"{mount.Type} {mount.Source} \"{mount.Target}\" {string.Join(' ', mount.Options)}")),
        match => NumberOf(match.Value));

    private string NumberOf(string directory)
    {
        _directories.TryAdd(directory, _directories.Count);
        return string.Create(CultureInfo.InvariantCulture, $"#{_directories[directory]}");
    }

    [GeneratedRegex(@"/[^ :=]*/snapshots/[0-9]+")]
    private static partial Regex SnapshotDirectory();
}
