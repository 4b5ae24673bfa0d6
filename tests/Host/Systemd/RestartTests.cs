using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Containerd;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>Callers of a real containerd go on while a real systemd restarts its snapshotter.</summary>
[Category("Containerd")]
[NonParallelizable]
internal sealed class RestartTests
{
    private const int Restarts = 10, Callers = 4, CyclesBetween = 50;

    private SystemdBox? _systemd;
    private Box? _box;
    private PrivateContainerd? _containerd;
    private SnapshotsClient? _client;

    [SetUp]
    public async Task StartContainerd()
    {
        Tools.Require("containerd", "ctr", "unshare", "nsenter");
        _systemd = await SystemdBox.BootAsync(Units.ReadMountsNothing());
        _box = await Box.OpenAsync();
        _containerd = await PrivateContainerd.StartAsync(_box, _systemd.SocketPath);
        _client = new(_containerd.Socket);
    }

    [TearDown]
    public async Task StopContainerd()
    {
        _client?.Dispose();
        foreach (var each in (IEnumerable<IAsyncDisposable?>)[_containerd, _box, _systemd])
        {
            if (each is not null)
                await each.DisposeAsync();
        }

        (_client, _containerd, _box, _systemd) = (null, null, null, null);
    }

    [Test]
    public async Task A_restart_loses_no_call()
    {
        await using var load = Start();

        for (var restart = 0; restart < Restarts; restart++)
        {
            await load.AdvanceAsync(CyclesBetween);
            (await _systemd!.RunAsync("systemctl", "restart", Units.Service)).Succeeded();
        }

        await load.AdvanceAsync(CyclesBetween);
        Assert.That(load.Errors.Select(static error => error.Status), Is.Empty);
    }

    [Test]
    public async Task A_kill_costs_calls_in_flight_alone_and_later_ones_wait()
    {
        await using var load = Start();

        for (var kill = 0; kill < Restarts; kill++)
        {
            await load.AdvanceAsync(CyclesBetween);
            (await _systemd!.RunAsync("systemctl", "kill", "--signal", "KILL", Units.Service)).Succeeded();
        }

        await load.AdvanceAsync(CyclesBetween);
        Assert.That(await _systemd!.PropertyAsync("NRestarts"), Is.EqualTo($"{Restarts}"));
        Assert.That(load.Errors.Select(static error => error.StatusCode), Is.All.EqualTo(StatusCode.Unavailable));
        Assert.That(load.Errors, Has.Count.LessThanOrEqualTo(Restarts * Callers), "each caller has one call in flight");
    }

    private Load Start() => Load.Start(_client!, PrivateContainerd.Snapshotter, _box!.Name, Callers);
}
