using Containerd.Snapshots;
using Containerd.Snapshots.Tests.NativeAot;

return await SnapshotterHost.RunAsync(args, _ => new ManySnapshotter());
