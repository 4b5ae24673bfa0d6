using Containerd.Snapshots.Tests.Systemd;
using Containerd.Snapshots.Wire;
using Grpc.Core;
using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Lazy.Systemd;

/// <summary>The native lazy snapshotter as a service of a real systemd, with a registry that only the node's files open.</summary>
[Category("Root")]
[NonParallelizable]
internal abstract class LazyServiceTest
{
    protected const string Keeper = "lazy-snapshotter-keeper.service";

    private SystemdBox? _systemd;
    private Box? _box;
    private TestCertificates? _certificates;
    private LoopbackRegistry? _open, _secured;

    protected SystemdBox Systemd => _systemd!;

    /// <summary>The registry's address, as the node sees it.</summary>
    protected string Registry => _secured!.Address;

    /// <summary>Further settings of the service.</summary>
    protected abstract string DropIn { get; }

    [SetUp]
    public async Task StartAsync()
    {
        Tools.Require("docker-registry", "containerd", "busybox");
        _systemd = await SystemdBox.BootAsync(DeployedUnit.Lazy, DropIn);
        _certificates = new(Path.Combine(Systemd.Folder, "certificates"));

        // Images are pushed to another registry with the same files: the secured one is in the box's network.
        _box = await Box.OpenAsync();
        _open = await LoopbackRegistry.StartAsync(_box.StartAsync, Systemd.Folder);
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

    protected Task<PushedImage> PushAsync(params IReadOnlyList<TestLayer> layers) => PushedImage.PushAsync(_open!.Address, "test/app:1", layers);

    /// <summary>Asks for all layers, as containerd does it.</summary>
    protected async Task SupplyAsync(PushedImage image)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        for (var index = 0; index < image.Layers.Count; index++)
        {
            var request = image.PrepareOf(Registry, index);
            await Rpc.FailsAsync(StatusCode.AlreadyExists, async () => await Systemd.Client.Calls.PrepareAsync(request, deadline: deadline));
            await Systemd.Client.Calls.StatAsync(new() { Key = image.ChainIds[index] }, deadline: deadline);
        }
    }

    protected async Task SystemctlAsync(params IReadOnlyList<string> arguments) => (await Systemd.RunAsync(["systemctl", .. arguments])).AssertSucceeded();

    /// <summary>Whether the keeper's service is <c>active</c>, or else what.</summary>
    protected async Task<string> KeeperStateAsync() => (await Systemd.RunAsync("systemctl", "is-active", Keeper)).Output.Trim();
}
