using Containerd.Snapshots.Tests.Systemd;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Lazy.Systemd;

/// <summary>The units' settings are enough for what the snapshotter does.</summary>
internal sealed class ServiceTests : LazyServiceTest
{
    private PushedImage _image = null!;

    // The command runs with the restrictions of the unit, and the service does not start if it finds anything wrong.
    protected override string DropIn => """
        [Service]
        ExecStartPre=/usr/local/lib/lazy-snapshotter/lazy-snapshotter check /run/lazy-snapshotter/lazy-snapshotter.sock --root /var/lib/lazy-snapshotter

        """;

    [SetUp]
    public async Task PushAsync() => _image = await PushAsync(TestLayer.Busybox, TestLayer.OfSize("above", 100_000));

    [Test]
    public async Task Layers_are_supplied_with_the_unit_s_restrictions()
    {
        await SupplyAsync(_image);

        Assert.That(await Systemd.PropertyAsync("ActiveState"), Is.EqualTo("active"));
        Assert.That(await Systemd.PropertyAsync("StatusText"), Is.EqualTo($"Serving on {DeployedUnit.Lazy.SocketPath}"));
        Assert.That(Systemd.Log, Does.Contain($"{Registry} answers, and accepts the node's credentials"));
        Assert.That(Systemd.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    [Test]
    public async Task The_machine_sees_the_mounts_which_a_restart_and_a_stop_leave()
    {
        await SupplyAsync(_image);
        var mounts = await MountsAsync();

        await SystemctlAsync("restart", DeployedUnit.Lazy.Service);
        var restarted = await MountsAsync();
        Systemd.Client.Calls.View(new ViewSnapshotRequest { Key = "view", Parent = _image.ChainIds[^1] }, deadline: DateTime.UtcNow.AddSeconds(60));
        await SystemctlAsync("stop", DeployedUnit.Lazy.Service, DeployedUnit.Lazy.Socket);

        Assert.That(mounts.Where(mount => mount.Contains(" erofs ", StringComparison.Ordinal)), Has.Exactly(4).Items, "two layers, each at its own place and at its snapshot");
        Assert.That(restarted, Is.EqualTo(mounts));
        Assert.That(await MountsAsync(), Is.EqualTo(mounts), "after the stop");
        Assert.That(await Systemd.PropertyAsync("Result"), Is.EqualTo("success"));
        Assert.That(Systemd.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    [Test]
    public async Task Keeper_runs_while_the_service_does()
    {
        await SupplyAsync(_image);
        Assert.That(await KeeperStateAsync(), Is.EqualTo("active"));

        await SystemctlAsync("restart", DeployedUnit.Lazy.Service);
        await Eventually.TrueAsync(async () => await KeeperStateAsync() == "active", "the keeper runs again");
        await SystemctlAsync("stop", DeployedUnit.Lazy.Service, DeployedUnit.Lazy.Socket);

        await Eventually.TrueAsync(async () => await KeeperStateAsync() == "inactive", "the keeper has nothing to keep");
    }

    // As the first process sees them, and with their numbers.
    private async Task<IReadOnlyList<string>> MountsAsync() =>
        [.. (await Systemd.RunAsync("cat", "/proc/1/mountinfo")).AssertSucceeded().Lines.Where(line => line.Split(' ')[4].StartsWith("/var/lib/lazy-snapshotter/", StringComparison.Ordinal))];
}
