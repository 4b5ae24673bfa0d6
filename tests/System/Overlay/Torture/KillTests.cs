using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>The snapshotter is killed. The kernel keeps what it has written, synced or not.</summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class KillTests(SqliteIn sqlite) : CrashTest(sqlite)
{
    [Test]
    public Task A_kill_at_any_moment_loses_nothing_that_was_answered() => CrashAgainAndAgainAsync(Root);

    protected override Task CrashAsync(NativeProcess process) => process.KillAsync();

    protected override bool IsNoAnswer(Exception exception) => exception is RpcException { StatusCode: StatusCode.Unavailable };
}
