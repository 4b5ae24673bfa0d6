using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Containerd;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Systemd;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>Calls to a real containerd while a real systemd restarts its snapshotter.</summary>
[Category("Containerd")]
[NonParallelizable]
internal sealed class RestartTests
{
    private const int Restarts = 10, Callers = 4, CyclesBetween = 50;

    // containerd closes a connection that is not answered within a second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    private SystemdBox? _systemd;
    private Box? _box;
    private PrivateContainerd? _containerd;
    private SnapshotsClient? _client;

    [SetUp]
    public async Task StartContainerd()
    {
        Tools.Require("containerd", "ctr", "unshare", "nsenter");
        _systemd = await SystemdBox.BootAsync(DeployedUnit.Overlay, Units.ReadMountsNothing());
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
        var quick = new List<int>();

        for (var restart = 0; restart < Restarts; restart++)
        {
            var cost = await CostAsync(load, async () => (await _systemd!.RunAsync("systemctl", "restart", DeployedUnit.Overlay.Service)).AssertSucceeded());

            if (await TimeAwayAsync() < Patience)
                quick.Add(cost);
        }

        Assert.That(quick, Is.Not.Empty.And.All.Zero);
        Assert.That(load.Errors.Select(static error => error.StatusCode), Is.All.EqualTo(StatusCode.Unavailable));
    }

    [Test]
    public async Task A_kill_fails_only_calls_in_flight_and_later_ones_wait()
    {
        await using var load = Start();
        var costs = new List<int>();

        for (var kill = 0; kill < Restarts; kill++)
        {
            costs.Add(await CostAsync(
                load, async () => (await _systemd!.RunAsync("systemctl", "kill", "--signal", "KILL", DeployedUnit.Overlay.Service)).AssertSucceeded()));
        }

        // The minimum: on a busy machine a start can take longer than containerd waits.
        Assert.That(costs.Min(), Is.LessThanOrEqualTo(Callers), "each caller has one call in flight");
        Assert.That(load.Errors.Select(static error => error.StatusCode), Is.All.EqualTo(StatusCode.Unavailable));
        Assert.That(await _systemd!.PropertyAsync("NRestarts"), Is.EqualTo($"{Restarts}"));
    }

    /// <summary>Replaces the server under load, and returns how many calls fail.</summary>
    private static async Task<int> CostAsync(Load load, Func<Task> replace)
    {
        await load.AdvanceAsync(CyclesBetween);
        var before = load.Errors.Count;
        await replace();
        await load.AdvanceAsync(CyclesBetween);
        return load.Errors.Count - before;
    }

    /// <summary>The time from the beginning of the last stop until the service was ready again.</summary>
    private async Task<TimeSpan> TimeAwayAsync() =>
        await TimeOfAsync("ActiveEnterTimestampMonotonic") - await TimeOfAsync("ActiveExitTimestampMonotonic");

    private async Task<TimeSpan> TimeOfAsync(string property) =>
        TimeSpan.FromMicroseconds(long.Parse(await _systemd!.PropertyAsync(property), CultureInfo.InvariantCulture));

    private Load Start() => Load.Start(_client!, PrivateContainerd.Snapshotter, _box!.Name, Callers);
}
