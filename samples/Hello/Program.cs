using Containerd.Snapshots;
using Samples.Hello;

return await SnapshotterHost.RunAsync(args, host => new HelloSnapshotter(host.Root));
