using System.Globalization;
using Containerd.Snapshots;
using Containerd.Snapshots.Benchmarks.Wire;

if (args is not [var socket, var count])
{
    Console.Error.WriteLine("usage: canned-snapshotter SOCKET COUNT");
    return 2;
}

var infos = int.Parse(count, CultureInfo.InvariantCulture);
using var report = AllocationReport.Begin();
return await SnapshotterHost.RunAsync([socket], _ => new CannedSnapshotter(infos));
