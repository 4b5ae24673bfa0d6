using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>A quota, or a disk that is full only when it is synced: the system calls that make a directory fail one by one.</summary>
internal sealed class QuotaTests : OverlayTest
{
    [SetUp]
    public void RequireStrace() => Tools.Require("strace");

    [TestCase("mkdirat", 1, "EDQUOT")]
    [TestCase("mkdirat", 2, "EDQUOT")]
    [TestCase("mkdirat", 3, "EDQUOT")]
    [TestCase("fchownat", 1, "EDQUOT")]
    [TestCase("fsync", 1, "EDQUOT")]
    [TestCase("fsync", 1, "ENOSPC")]
    [TestCase("fsync", 2, "EDQUOT")]
    [TestCase("fsync", 2, "ENOSPC")]
    [TestCase("fsync", 3, "EDQUOT")]
    public async Task A_prepare_is_refused_and_leaves_nothing(string call, int which, string error)
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        process.Calls.Cleanup(); // After this, no directory is made ahead.

        await Strace.WhileAsync(
            process,
            ["-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={which}", "-o", FileOf("trace")],
            () => Rpc.Fails(StatusCode.ResourceExhausted, () => process.Calls.Prepare(Mapped("key")), "cannot"));

        Assert.That(await File.ReadAllTextAsync(FileOf("trace")), Does.Contain($"{error} "));
        Assert.That(Root.Numbers(), Is.EqualTo(Root.Rows().Select(row => row.Number)), "Nothing is left, without a cleanup.");
        Assert.That(process.Calls.Prepare(Mapped("key")).Mounts.Single().Directories(), Is.All.Exist);
    }

    [Test]
    public async Task Directories_that_cannot_be_made_ahead_leave_nothing()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        process.Calls.Cleanup();
        var keys = Enumerable.Range(0, 12).Select(i => $"key {i}").ToList();

        // Each thread fails from its seventh call on: a few calls succeed, and those that make many directories ahead fail.
        await Strace.WhileAsync(
            process,
            ["-e", "trace=mkdirat", "-e", "inject=mkdirat:error=EDQUOT:when=7+", "-o", FileOf("trace")],
            () =>
            {
                foreach (var key in keys)
                    Rpc.StatusOf(() => process.Calls.Prepare(Mapped(key)));
            });

        process.Calls.Cleanup();
        var kept = (await process.Calls.ListAsync()).Where(info => info.Kind == Kind.Active).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(Root.Numbers(), Is.EqualTo(Root.Rows().Select(row => row.Number)));
            Assert.That(kept, Is.Not.Empty);
            foreach (var info in kept)
                Assert.That(process.Calls.Mounts(new() { Key = info.Name }).Mounts.Single().Directories(), Is.All.Exist);
        });
    }

    private static PrepareSnapshotRequest Mapped(string key) => new()
    {
        Key = key,
        Parent = "base",
        Labels = { ["containerd.io/snapshot/uidmapping"] = "0:1000:10", ["containerd.io/snapshot/gidmapping"] = "0:1000:10" },
    };
}
