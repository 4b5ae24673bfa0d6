using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Samples.SharedLayers;

var shared = new Option<string>("--shared")
{
    Description = "The directory with the layers that are unpacked already: DIR/sha256/HEX, by digest or diff ID.",
    HelpName = "DIR",
    Required = true,
};

return await SnapshotterHost.CreateBuilder(args)
    .AddOption(shared)
    .AddExport("enable_remote_snapshot_annotations", "true")
    .AddCheck("overlay", given => OverlayCheck.Run(given.Root, new()))
    .AddCheck("store", given => StoredSnapshotter.Check(given.Root))
    .AddSnapshotter(host => new SharedLayersSnapshotter(host.Root, Path.GetFullPath(host.GetValue(shared)!), host.Logger))
    .RunAsync();
