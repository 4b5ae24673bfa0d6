using Containerd.Snapshots.Tests.Systemd;
using Containerd.Snapshots.Wire;
using Grpc.Core;
using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Lazy.Systemd;

/// <summary>The native lazy snapshotter as a service of a real systemd, with a registry that only the node's files open.</summary>
[Category("Root")]
[NonParallelizable]
internal sealed class ServiceTests
{
    // The command runs with the restrictions of the unit, and the service does not start if it finds anything wrong.
    private const string CheckFirst = """
        [Service]
        ExecStartPre=/usr/local/lib/lazy-snapshotter/lazy-snapshotter check /run/lazy-snapshotter/lazy-snapshotter.sock --root /var/lib/lazy-snapshotter

        """;

    private SystemdBox? _systemd;
    private Box? _box;
    private TestCertificates? _certificates;
    private LoopbackRegistry? _open, _secured;
    private PushedImage _image = null!;

    private SystemdBox Systemd => _systemd!;

    [SetUp]
    public async Task StartAsync()
    {
        Tools.Require("docker-registry", "containerd", "busybox");
        _systemd = await SystemdBox.BootAsync(DeployedUnit.Lazy, CheckFirst);
        _certificates = new(Path.Combine(Systemd.Folder, "certificates"));

        // Images are pushed to another registry with the same files: the secured one is in the box's network.
        _box = await Box.OpenAsync();
        _open = await LoopbackRegistry.StartAsync(_box.StartAsync, Systemd.Folder);
        _image = await PushedImage.PushAsync(_open.Address, "test/app:1", TestLayer.Busybox, TestLayer.OfSize("above", 100_000));
        _secured = await LoopbackRegistry.StartSecuredAsync(Systemd.StartAsync, Systemd.Folder, _certificates);
        await NodeFiles.WriteAsync(Systemd.PathOf("/etc/containerd/certs.d"), Systemd.PathOf("/root/.docker/config.json"), _secured.Address, _certificates);
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed && _systemd is not null)
            await TestContext.Out.WriteLineAsync(_systemd.Log);

        foreach (var each in (IEnumerable<IAsyncDisposable?>)[_secured, _open, _box, _systemd])
        {
            if (each is not null)
                await each.DisposeAsync();
        }

        _certificates?.Dispose();
        (_secured, _open, _box, _systemd, _certificates) = (null, null, null, null, null);
    }

    [Test]
    public async Task Layers_are_supplied_with_the_unit_s_restrictions()
    {
        await SupplyAsync();

        Assert.That(await Systemd.PropertyAsync("ActiveState"), Is.EqualTo("active"));
        Assert.That(await Systemd.PropertyAsync("StatusText"), Is.EqualTo($"Serving on {DeployedUnit.Lazy.SocketPath}"));
        Assert.That(Systemd.Log, Does.Contain($"{_secured!.Address} answers, and accepts the node's credentials"));
        Assert.That(Systemd.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    [Test]
    public async Task The_machine_sees_the_mounts_which_a_restart_and_a_stop_leave()
    {
        await SupplyAsync();
        var mounts = await MountsAsync();

        (await Systemd.RunAsync("systemctl", "restart", DeployedUnit.Lazy.Service)).AssertSucceeded();
        var restarted = await MountsAsync();
        Systemd.Client.Calls.View(new ViewSnapshotRequest { Key = "view", Parent = _image.ChainIds[^1] }, deadline: DateTime.UtcNow.AddSeconds(60));
        (await Systemd.RunAsync("systemctl", "stop", DeployedUnit.Lazy.Service, DeployedUnit.Lazy.Socket)).AssertSucceeded();

        Assert.That(mounts.Where(mount => mount.Contains(" erofs ", StringComparison.Ordinal)), Has.Exactly(4).Items, "two layers, each at its own place and at its snapshot");
        Assert.That(restarted, Is.EqualTo(mounts));
        Assert.That(await MountsAsync(), Is.EqualTo(mounts), "after the stop");
        Assert.That(await Systemd.PropertyAsync("Result"), Is.EqualTo("success"));
        Assert.That(Systemd.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    // As containerd does it.
    private async Task SupplyAsync()
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        for (var index = 0; index < _image.Layers.Count; index++)
        {
            var request = _image.PrepareOf(_secured!.Address, index);
            await Rpc.FailsAsync(StatusCode.AlreadyExists, async () => await Systemd.Client.Calls.PrepareAsync(request, deadline: deadline));
            await Systemd.Client.Calls.StatAsync(new() { Key = _image.ChainIds[index] }, deadline: deadline);
        }
    }

    // As the first process sees them, and with their numbers.
    private async Task<IReadOnlyList<string>> MountsAsync() =>
        [.. (await Systemd.RunAsync("cat", "/proc/1/mountinfo")).AssertSucceeded().Lines.Where(line => line.Split(' ')[4].StartsWith("/var/lib/lazy-snapshotter/", StringComparison.Ordinal))];
}
