using Containerd.Snapshots;

namespace MyNamespace;

internal static class Program
{
    public static Task<int> Main(string[] args) => SnapshotterHost.RunAsync(args, host => new MySnapshotter(host.Root));
}
