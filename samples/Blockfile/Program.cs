using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Samples.Blockfile;

var size = new Option<long>("--size")
{
    Description = "The size of each image in bytes; it takes only the space that is written. Default: 10 GiB.",
    DefaultValueFactory = _ => 10L << 30,
};

return await SnapshotterHost.CreateBuilder(args)
    .AddOption(size)
    .AddCheck("store", given => StoredSnapshotter.Check(given.Root))
    .AddSnapshotter(host => new BlockfileSnapshotter(host.Root, host.GetValue(size), host.Logger))
    .RunAsync();
