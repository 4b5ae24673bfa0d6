using Containerd.Snapshots;
#if (content == "overlay")
using Containerd.Snapshots.Overlay;
#endif
using Containerd.Snapshots.Storage;

namespace MyNamespace;

internal static class Program
{
    public static Task<int> Main(string[] args) => CreateHost(args).RunAsync();

    /// <summary>Describes the program. The tests run it, too.</summary>
    public static SnapshotterHostBuilder CreateHost(string[] args) => SnapshotterHost.CreateBuilder(args)
#if (content == "overlay")
        .AddCheck("overlay", given => OverlayCheck.Run(given.Root, new()))
#endif
        .AddCheck("store", given => StoredSnapshotter.Check(given.Root))
        .AddSnapshotter(host => new MySnapshotter(host.Root, host.Logger));
}
