using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Samples.Overlay;

var syncLayers = new Option<bool>("--sync-layers")
{
    Description = "Write each layer to disk before its commit is answered: layers survive a power cut, and imports take longer.",
};
var mountOptions = new Option<string>("--mount-options")
{
    Description = "Options for every overlay mount, separated by commas, such as metacopy=on.",
    HelpName = "OPTIONS",
};
var remapIds = new Option<bool>("--remap-ids")
{
    Description = "Mount with mapped ids for containers in user namespaces; containerd's configuration also needs the capability remap-ids.",
};

#if OTLP_EXPORT
using var export = new OtlpExport();
#endif
return await SnapshotterHost.CreateBuilder(args)
    .AddOption(syncLayers)
    .AddOption(mountOptions)
    .AddOption(remapIds)
    .AddCapability("remap-ids", given => given.GetValue(remapIds))
    .AddCheck("overlay", given => OverlayCheck.Run(given.Root, OptionsFrom(given)))
    .AddCheck("store", given => StoredSnapshotter.Check(given.Root))
    .AddSnapshotter(host => new OverlaySnapshotter(host.Root, OptionsFrom(host.CommandLine), host.Logger))
    .RunAsync();

OverlayOptions OptionsFrom(SnapshotterCommandLine given) => new()
{
    SyncLayers = given.GetValue(syncLayers),
    Extra = given.GetValue(mountOptions)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
    RemapIds = given.GetValue(remapIds),
};
