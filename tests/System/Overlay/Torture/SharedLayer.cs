using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>A layer that is unpacked on a share.</summary>
internal sealed record SharedLayer(string Path)
{
    /// <summary>The label for which the snapshotter commits a layer itself.</summary>
    public const string Target = "containerd.io/snapshot.ref";

    /// <summary>A part of the names of snapshots that the snapshotter commits itself.</summary>
    public const string Name = "supplied";

    private const string Content = "of the share";

    private static readonly string Hex = new('5', 64);

    private string File => System.IO.Path.Combine(Path, SnapshotFiles.MarkOf(0));

    /// <summary>Makes the layer in a share.</summary>
    public static SharedLayer Make(string share)
    {
        var layer = new SharedLayer(Directory.CreateDirectory(System.IO.Path.Combine(share, "sha256", Hex)).FullName);
        System.IO.File.WriteAllText(layer.File, Content);
        return layer;
    }

    /// <summary>The call for which the snapshotter commits the layer with this name.</summary>
    public PrepareSnapshotRequest Request(string key, string name, string parent) => new()
    {
        Key = key,
        Parent = parent,
        Labels = { [Target] = name, ["containerd.io/snapshot/cri.layer-digest"] = $"sha256:{Hex}" },
    };

    public void AssertUntouched()
    {
        Assert.That(Directory.GetFileSystemEntries(Path), Is.EqualTo(new[] { File }));
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo(Content));
    }
}
