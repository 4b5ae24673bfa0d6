using Containerd.Snapshots.Tests.Systemd;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>Whether containerd, in the machine's mount namespace, sees the service's mounts.</summary>
internal sealed class MountTests
{
    // Replaces the snapshotter with a program that mounts; the rest of the unit stays.
    private const string MountPoint = "/var/lib/overlay-snapshotter/mounted";

    private const string Mounter = $"""
        [Service]
        Type=exec
        WatchdogSec=0
        ExecStart=
        ExecStart=/bin/bash -ec 'mkdir {MountPoint}; mount --no-mtab -t tmpfs mounted {MountPoint}; exec sleep infinity'

        """;

    private SystemdBox? _box;

    [TearDown]
    public async Task CloseBox()
    {
        if (_box is not null)
            await _box.DisposeAsync();
        _box = null;
    }

    [Test]
    public async Task The_service_is_in_the_machine_s_mount_namespace()
    {
        _box = await StartAsync();

        Assert.That(await _box.MountNamespaceAsync(await _box.MainProcessAsync()), Is.EqualTo(await _box.MountNamespaceAsync(1)));
    }

    [Test]
    public async Task With_the_drop_in_the_service_has_its_own_mount_namespace()
    {
        _box = await StartAsync(Units.ReadMountsNothing());

        Assert.That(await _box.MountNamespaceAsync(await _box.MainProcessAsync()), Is.Not.EqualTo(await _box.MountNamespaceAsync(1)));
    }

    [Test]
    public async Task The_machine_sees_the_service_s_mounts()
    {
        _box = await StartAsync(Units.ReadWhatMounts(), Mounter);

        Assert.That(await SeesMountAsync(await MounterAsync()), Is.True, "it has mounted");
        Assert.That(await SeesMountAsync(1), Is.True, "the machine sees it");
    }

    [Test]
    public async Task The_machine_does_not_see_mounts_of_another_mount_namespace()
    {
        _box = await StartAsync(Units.ReadWhatMounts(), Units.ReadMountsNothing(), Mounter);

        Assert.That(await SeesMountAsync(await MounterAsync()), Is.True, "it has mounted");
        Assert.That(await SeesMountAsync(1), Is.False, "the machine sees it");
    }

    private static async Task<SystemdBox> StartAsync(params IReadOnlyList<string> dropIns)
    {
        var box = await SystemdBox.BootAsync(DeployedUnit.Overlay, dropIns);
        (await box.RunAsync("systemctl", "start", DeployedUnit.Overlay.Service)).AssertSucceeded();
        return box;
    }

    /// <summary>The mounter's process, once it has mounted.</summary>
    private async Task<int> MounterAsync()
    {
        var process = await _box!.MainProcessAsync();
        await Eventually.TrueAsync(async () => (await _box.RunAsync("cat", $"/proc/{process}/comm")).Output == "sleep\n", "it has mounted");
        return process;
    }

    private async Task<bool> SeesMountAsync(int process) =>
        (await _box!.RunAsync("cat", $"/proc/{process}/mountinfo")).AssertSucceeded().Output.Contains($" {MountPoint} ", StringComparison.Ordinal);
}
