using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>The snapshotter is killed. The kernel keeps what it has written, synced or not.</summary>
[TestFixtureSource(nameof(Samples))]
internal sealed class KillTests(PublishedSample sample) : CrashTest(sample)
{
    private static readonly IReadOnlyList<PublishedSample> Samples = [.. PublishedSample.WithStore, PublishedSample.OverlayInOneFile];

    [Test]
    public async Task A_kill_at_any_moment_loses_nothing_that_was_answered()
    {
        if (Sample == PublishedSample.Blockfile)
            Tools.Require("mkfs.ext4", "debugfs", "e2fsck");

        await CrashAgainAndAgainAsync(Root);
    }

    protected override bool KeepsFiles => true;

    protected override Task CrashAsync(NativeProcess process) => process.KillAsync();

    protected override bool IsNoAnswer(Exception exception) => exception is RpcException { StatusCode: StatusCode.Unavailable };
}
