using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Model;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using CsCheck;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Model;

/// <summary>
/// Random histories of all calls, on our overlay snapshotter and on containerd's own. A difference is shrunk to a short
/// history. SNAPSHOTS_HISTORIES sets the number of histories, each of 25 calls on average.
/// </summary>
internal sealed class PeerTests : OverlayTest
{
    private static readonly string[] AsChild = ["bash", "-c", "\"$@\"; exit $?", "bash"];

    private static readonly int Histories =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_HISTORIES"), out var number) ? number : 100;

    // Before the first snapshot, containerd's fails Cleanup with NotFound.
    private static readonly PrepareSnapshotRequest First = new() { Key = "first" };

    [Test]
    public async Task Calls_answer_as_those_of_containerd_s_own_overlay_snapshotter_do()
    {
        await using var ours = await StartAsync();
        await using var peer = await StartPeerAsync();
        using var client = new SnapshotsClient(FileOf("peer.sock"));
        await peer.WaitUntilAsync("it has a snapshot", async () => (await Rpc.StatusOfAsync(() => client.Calls.PrepareAsync(First).ResponseAsync)).StatusCode == StatusCode.OK);
        ours.Calls.Prepare(First);
        var (target, model) = (new ExactTarget(ours.Calls), new ExactTarget(client.Calls));

        await Tests.Model.Histories.Sequential(50).SampleAsync(
            async history =>
            {
                await RemoveAllAsync(ours.Calls);
                await RemoveAllAsync(client.Calls);
                await AssertSameAsync(target, model, history.Where(HasName).Select(WithoutParent));
            },
            iter: Histories,
            threads: 1);

        await TestContext.Out.WriteLineAsync($"{target.Count} calls were answered in the same way.");
        Assert.That(target.Count, Is.EqualTo(model.Count).And.GreaterThan(Histories));
    }

    private async Task<Daemon> StartPeerAsync()
    {
        Tools.Require("go");
        var program = await GoProgram.BuildAsync("benchmarks/Overlay/peer/main.go", Directory.CreateDirectory(FileOf("go")).FullName);
        return await Daemon.StartAsync("containerd's overlay snapshotter", AsChild, [program, FileOf("peer.sock"), "--root", FileOf("peer")]);
    }

    private static async Task AssertSameAsync(ITarget target, ITarget peer, IEnumerable<Operation> history)
    {
        foreach (var operation in history.Append(new Operation.List("")))
        {
            var (expected, actual) = (await peer.RunAsync(operation), await target.RunAsync(operation));
            if (actual != expected)
                throw new DifferenceException($"{operation}\ncontainerd: {expected}\nanswered: {actual}");
        }
    }

    // containerd answers calls without a name differently.
    private static bool HasName(Operation operation) =>
        operation is not (Operation.Prepare { Key: "" } or Operation.View { Key: "" } or Operation.Commit { Name: "" });

    // Commit has a parent since containerd 2.3.
    private static Operation WithoutParent(Operation operation) => operation is Operation.Commit commit ? commit with { Parent = "" } : operation;

    private static async Task RemoveAllAsync(Wire.Snapshots.SnapshotsClient calls)
    {
        while (await calls.ListAsync() is { Count: > 0 } infos)
        {
            foreach (var childless in infos.ExceptBy(infos.Select(info => info.Parent), info => info.Name))
                calls.Remove(childless.Name);
        }
    }
}
