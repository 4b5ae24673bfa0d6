using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Calls to containerd while its snapshotter is restarted twenty times.</summary>
[Category("Containerd")]
[NonParallelizable]
internal sealed class RestartUnderLoadTests
{
    private const int Restarts = 20, Callers = 4, CyclesBetween = 50;

    private Box _box = null!;
    private string _activator = null!;

    private string Socket => Path.Combine(_box.Folder, "plugin.sock");

    [SetUp]
    public async Task OpenBox()
    {
        Tools.Require("containerd", "ctr", "unshare", "nsenter", "go");
        _box = await Box.OpenAsync();
        _activator = await GoProgram.BuildAsync("tests/System/Activator/main.go", _box.Folder);
    }

    [TearDown]
    public async Task CloseBox()
    {
        if (_box is not null)
            await _box.DisposeAsync();
    }

    [Test]
    public async Task With_socket_activation_no_call_fails()
    {
        await using var server = await ActivateAsync();
        await using var containerd = await PrivateContainerd.StartAsync(_box, Socket);
        using var client = new SnapshotsClient(containerd.Socket);
        await using var load = Load.Start(client, PrivateContainerd.Snapshotter, _box.Name, Callers);

        for (var restart = 0; restart < Restarts; restart++)
        {
            await load.AdvanceAsync(CyclesBetween);
            await server.RestartAsync();
        }

        await load.AdvanceAsync(CyclesBetween);
        await TestContext.Out.WriteLineAsync($"The longest pause was {load.LongestPause.TotalMilliseconds:0} ms.");
        Assert.That(load.Errors.Select(static error => error.Status), Is.Empty);
    }

    [Test]
    public async Task With_socket_activation_a_kill_fails_only_calls_in_flight()
    {
        await using var server = await ActivateAsync();
        await using var containerd = await PrivateContainerd.StartAsync(_box, Socket);
        using var client = new SnapshotsClient(containerd.Socket);
        await using var load = Load.Start(client, PrivateContainerd.Snapshotter, _box.Name, Callers);

        for (var kill = 0; kill < Restarts; kill++)
        {
            await load.AdvanceAsync(CyclesBetween);
            await server.KillAsync();
        }

        await load.AdvanceAsync(CyclesBetween);
        Assert.That(load.Errors.Select(static error => error.StatusCode), Is.All.EqualTo(StatusCode.Unavailable));
        Assert.That(load.Errors, Has.Count.LessThanOrEqualTo(Restarts * Callers), "each caller has one call in flight");
    }

    [Test]
    public async Task Without_socket_activation_calls_are_Unavailable_for_a_while()
    {
        await using var snapshotter = new Snapshotter(_box, PublishedSample.Overlay);
        await snapshotter.StartAsync();
        await using var containerd = await PrivateContainerd.StartAsync(_box, Socket);
        using var client = new SnapshotsClient(containerd.Socket);
        await using var load = Load.Start(client, PrivateContainerd.Snapshotter, _box.Name, Callers);

        for (var restart = 0; restart < Restarts; restart++)
        {
            await load.AdvanceAsync(CyclesBetween);
            await snapshotter.StopAsync();
            await snapshotter.StartAsync();
        }

        await load.AdvanceAsync(CyclesBetween);
        await TestContext.Out.WriteLineAsync($"The longest pause was {load.LongestPause.TotalMilliseconds:0} ms.");
        Assert.That(load.Errors.Select(static error => error.StatusCode), Is.All.EqualTo(StatusCode.Unavailable));
    }

    private async Task<Activated> ActivateAsync() => await Activated.StartAsync(
        await _box.StartAsync(
            "activator", _activator, Socket, await PublishedSample.Overlay.PathAsync(), "--root", Path.Combine(_box.Folder, "root"), "--log-level", "Warning"),
        Socket);
}
