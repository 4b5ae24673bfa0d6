using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Samples.Reflink;

return await SnapshotterHost.CreateBuilder(args)
    .AddCheck("store", given => StoredSnapshotter.Check(given.Root))
    .AddSnapshotter(host => new ReflinkSnapshotter(host.Root, host.Logger))
    .RunAsync();
