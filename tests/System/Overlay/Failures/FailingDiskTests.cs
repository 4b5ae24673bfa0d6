using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>
/// A disk that fails after a change is written and before it is synced: it is unknown whether the change is stored.
/// </summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class FailingDiskTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    [SetUp]
    public void RequireStrace() => Tools.Require("strace");

    [Test]
    public async Task A_snapshot_that_is_stored_after_all_has_its_directory()
    {
        await using (var process = await StartAsync())
        {
            process.Calls.Layer("base"); // The numbers are reserved.

            await WhileTheLogCannotBeSyncedAsync(process, () =>
                Rpc.Fails(StatusCode.Unavailable, () => process.Calls.Prepare("key", "base"), "the disk of the store", "fails"));
            process.Calls.Cleanup();
            await process.KillAsync();
        }

        await using var next = await StartAsync();
        next.Calls.Cleanup();
        var stored = (await next.Calls.ListAsync()).Select(info => info.Name).ToList();
        Assert.That(stored, Is.EqualTo(new[] { "base", "key" }), "What was written before the sync is still there.");
        Assert.That(next.Calls.Mounts(new() { Key = "key" }).Mounts.Single().Directories(), Is.All.Exist);
    }

    [Test]
    public async Task Calls_succeed_as_soon_as_the_disk_works_again()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        await WhileTheLogCannotBeSyncedAsync(process, () =>
            Rpc.Fails(StatusCode.Unavailable, () => process.Calls.Prepare("key", "base"), "the disk of the store", "fails"));

        process.Calls.Prepare("key", "base");
        process.Calls.Commit("layer", "key");

        Assert.That((await process.Calls.ListAsync()).Select(info => info.Name), Is.EqualTo(new[] { "base", "layer" }));
    }

    private Task WhileTheLogCannotBeSyncedAsync(NativeProcess process, Action action) => Strace.WhileAsync(
        process, ["-P", $"{Root.Database}-wal", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-o", FileOf("trace")], action);
}
