using Containerd.Snapshots.Tests.Systemd;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>The native overlay snapshotter as a service of a real systemd.</summary>
internal sealed class ServiceTests
{
    private SystemdBox? _box;

    [TearDown]
    public async Task CloseBox()
    {
        if (_box is not null)
            await _box.DisposeAsync();
        _box = null;
    }

    [Test]
    public async Task The_first_call_starts_the_service_which_reports_that_it_is_ready()
    {
        var box = await BootAsync();
        var before = await box.PropertyAsync("ActiveState");

        Rpc.Fails(StatusCode.NotFound, () => box.Client.Calls.Stat(new() { Key = "k" }));

        Assert.That(before, Is.EqualTo("inactive"));
        Assert.That(await box.PropertyAsync("ActiveState"), Is.EqualTo("active"));
        Assert.That(await box.PropertyAsync("StatusText"), Is.EqualTo("Serving on /run/overlay-snapshotter/overlay-snapshotter.sock"));
    }

    [Test]
    public async Task Layers_of_all_kinds_work_under_the_unit_s_restrictions()
    {
        var box = await BootAsync();

        await Layer.AssertComesAndGoesAsync(box);

        Assert.That(box.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    [Test]
    public async Task Layers_of_all_kinds_work_in_a_mount_namespace()
    {
        var box = await BootAsync(Units.ReadMountsNothing());

        await Layer.AssertComesAndGoesAsync(box);

        Assert.That(box.Log, Does.Not.Contain("warn:").And.Not.Contain("fail:"));
    }

    [TestCase("CAP_CHOWN", "cannot change the owner of the directory")]
    [TestCase("CAP_DAC_OVERRIDE", "cannot measure")]
    [TestCase("CAP_FOWNER", "directory is still there")]
    public async Task Each_capability_is_needed(string capability, string failure)
    {
        var box = await BootAsync($"[Service]\nCapabilityBoundingSet=~{capability}\n");

        Assert.That(() => Layer.AssertComesAndGoesAsync(box), Throws.Exception.With.Message.Contains(failure));
    }

    [Test]
    public async Task A_service_that_hangs_is_started_again()
    {
        var box = await BootAsync("[Service]\nWatchdogSec=1\n");
        Rpc.Fails(StatusCode.NotFound, () => box.Client.Calls.Stat(new() { Key = "k" }));
        var hanging = await box.MainProcessAsync();

        (await box.RunAsync("kill", "-STOP", $"{hanging}")).AssertSucceeded();

        await Eventually.TrueAsync(async () => await box.PropertyAsync("NRestarts") != "0", "systemd starts it again");
        await Eventually.TrueAsync(() => Answers(box), "it answers again");
    }

    private static bool Answers(SystemdBox box) =>
        Rpc.StatusOf(() => box.Client.Calls.Stat(new() { Key = "k" })).StatusCode == StatusCode.NotFound;

    private async Task<SystemdBox> BootAsync(params IReadOnlyList<string> dropIns) => _box = await SystemdBox.BootAsync(DeployedUnit.Overlay, dropIns);
}
