using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>Calls on promised layers, by a client that does not ask for a layer's state before it goes on.</summary>
internal sealed class PromiseTests : LazyTest
{
    private const int Size = 400_000, Middle = 200_000;

    private readonly TestLayer _layer = TestLayer.OfSize("layer", Size), _above = TestLayer.OfSize("top", 1000);
    private SnapshotsClient _client = null!;

    private static DateTime Deadline => DateTime.UtcNow.AddSeconds(60);

    [SetUp]
    public void Connect() => _client = new(Node.Snapshotter.Socket);

    [TearDown]
    public void Disconnect() => _client?.Dispose();

    [Test]
    public async Task Mounts_wait_for_all_layers_below()
    {
        var image = await PushAsync("test/app:1", _layer, _above);
        var gate = new Gate();
        Node.Hostile.Break(_layer.Digest, Faults.StopAt(Middle, gate));
        await PromiseAsync(image);
        await Eventually.TrueAsync(async () => (await Node.StatesAsync(image)) is ["Complete", "Fetching", "Complete"], "the layer in the middle alone is missing");

        using var view = _client.Calls.ViewAsync(new ViewSnapshotRequest { Key = "view", Parent = image.ChainIds[^1] }, deadline: Deadline);
        await Rpc.FailsAsync(
            StatusCode.DeadlineExceeded,
            async () => await _client.Calls.ViewAsync(new ViewSnapshotRequest { Key = "impatient", Parent = image.ChainIds[^1] }, deadline: DateTime.UtcNow.AddSeconds(1)));
        Assert.That(view.ResponseAsync.IsCompleted, Is.False);
        gate.Open();

        Assert.That((await view).Mounts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Layer_whose_promise_was_broken_is_unpacked_without_a_removal()
    {
        var image = await PushAsync("test/app:1", _layer, _above);
        var gate = new Gate();
        Node.Hostile.Break(_layer.Digest, Faults.CutAt(Middle, Faults.Status(403), gate));
        await PromiseAsync(image, layers: 2);
        gate.Open();
        await Rpc.FailsAsync(StatusCode.FailedPrecondition, async () => await _client.Calls.StatAsync(new() { Key = image.ChainIds[1] }, deadline: Deadline));

        var request = image.PrepareOf(Node.Hostile.Address, 1);
        request.Key = "again";
        var mounts = (await _client.Calls.PrepareAsync(request, deadline: Deadline)).Mounts;
        await _client.Calls.CommitAsync(new() { Key = "again", Name = image.ChainIds[1] }, deadline: Deadline);

        Assert.That(mounts, Has.Count.EqualTo(1));
        Assert.That((await _client.Calls.StatAsync(new() { Key = image.ChainIds[1] }, deadline: Deadline)).Info.Name, Is.EqualTo(image.ChainIds[1]));
    }

    private async Task PromiseAsync(PushedImage image, int? layers = null)
    {
        for (var index = 0; index < (layers ?? image.Layers.Count); index++)
            await Rpc.FailsAsync(StatusCode.AlreadyExists, async () => await _client.Calls.PrepareAsync(image.PrepareOf(Node.Hostile.Address, index), deadline: Deadline));
    }
}
