using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Systemd;

namespace Containerd.Snapshots.Tests.Lazy.Systemd;

/// <summary>Who reads a lazy layer sees no error whatever systemd does with the snapshotter's service.</summary>
internal sealed class KeeperTests : LazyServiceTest
{
    // The kernel reads a part ahead, and what is fetched goes up to another part further.
    private const int Part = 1 << 20, Stride = 4 * Part, Parts = 6;

    private static readonly byte[] Data = TestLayer.DataOf("lazy", Parts * Stride);

    private TestLayer _layer = null!;

    // With this rate the layer is never completed, and nothing is there but what is read.
    protected override string DropIn => """
        [Service]
        ExecStart=
        ExecStart=/usr/local/lib/lazy-snapshotter/lazy-snapshotter --root /var/lib/lazy-snapshotter --lazy-from * --fetch-rate 1

        """;

    [SetUp]
    public void MakeLayer() => _layer = TestLayer.Lazy(LayerTableKind.EStargz, "lazy", Data.Length);

    [Test]
    public async Task Lazy_layer_is_read_while_the_service_is_killed_restarted_and_stopped()
    {
        await SupplyAsync(await PushAsync(_layer));
        await AssertReadAsync(ReadAsync(0), 0);
        await KeptAsync();
        var keeper = await KeeperAsync();

        for (var part = 2; part < 8; part += 2)
            await AssertReadAsync(ReadAsync(part, KillAsync), part);

        await AssertReadAsync(ReadAsync(8, () => SystemctlAsync("restart", DeployedUnit.Lazy.Service)), 8);
        await SystemctlAsync("stop", DeployedUnit.Lazy.Service, DeployedUnit.Lazy.Socket);
        var reading = ReadAsync(10);
        await SystemctlAsync("start", DeployedUnit.Lazy.Socket, DeployedUnit.Lazy.Service);
        await AssertReadAsync(reading, 10);

        Assert.That(await StatesAsync(), Does.Contain("\"state\":\"Lazy\""));
        Assert.That(Systemd.Log, Does.Contain("Took over the mount of 1 lazy layers").And.Not.Contain("failed"));
        Assert.That(await KeeperAsync(), Is.EqualTo(keeper));
        Assert.That((await Systemd.RunAsync("systemctl", "stop", Keeper)).Error, Does.Contain("refused"));
    }

    [Test]
    public async Task Keeper_that_was_killed_is_replaced()
    {
        await SupplyAsync(await PushAsync(_layer));
        await AssertReadAsync(ReadAsync(0), 0);
        await KeptAsync();
        var keeper = await KeeperAsync();

        await SystemctlAsync("kill", "--signal", "KILL", Keeper);
        await Eventually.TrueAsync(async () => await KeeperAsync() is not "0" and var next && next != keeper, "another keeper runs");
        await KeptAsync();

        await AssertReadAsync(ReadAsync(2, KillAsync), 2);
        Assert.That(Systemd.Log, Does.Contain("Took over the mount of 1 lazy layers"));
    }

    [Test]
    public async Task Without_the_keeper_s_unit_the_log_says_what_happens()
    {
        File.Delete(Path.Combine(Systemd.Folder, "units", Keeper));
        await SystemctlAsync("daemon-reload");
        await SupplyAsync(await PushAsync(_layer));
        await AssertReadAsync(ReadAsync(0), 0);

        await Eventually.TrueAsync(
            () => Task.FromResult(Systemd.Log.Contains($"the unit {Keeper} does not run, and containers on lazy layers do not survive", StringComparison.Ordinal)),
            "the snapshotter has looked for the keeper");
        await SystemctlAsync("stop", DeployedUnit.Lazy.Service, DeployedUnit.Lazy.Socket);
        Assert.That((await ReadAsync(2)).ExitCode, Is.Not.Zero);

        await SystemctlAsync("start", DeployedUnit.Lazy.Socket, DeployedUnit.Lazy.Service);
        await AssertReadAsync(ReadAsync(2), 2);
    }

    private async Task<CommandResult> ReadAsync(int part, Func<Task> meanwhile)
    {
        var reading = ReadAsync(part);
        await meanwhile();
        return await reading;
    }

    // systemd starts it again.
    private async Task KillAsync()
    {
        var process = await Systemd.MainProcessAsync();
        await SystemctlAsync("kill", "--signal", "KILL", "--kill-who", "main", DeployedUnit.Lazy.Service);
        await Eventually.TrueAsync(async () => await Systemd.MainProcessAsync() is not 0 and var next && next != process, "the service runs again");
    }

    // Of the large file in the layer; even parts only.
    private Task<CommandResult> ReadAsync(int part) =>
        Systemd.RunAsync("bash", "-ec", $"set -o pipefail; dd if={FileOf(_layer)} bs={Part} skip={part / 2 * (Stride / Part)} count=1 iflag=fullblock status=none | sha256sum");

    private static async Task AssertReadAsync(Task<CommandResult> reading, int part) =>
        Assert.That((await reading).AssertSucceeded().Output.Split(' ')[0], Is.EqualTo(TestLayer.DigestOf(Data.AsSpan(part / 2 * Stride, Part))["sha256:".Length..]));

    private static string FileOf(TestLayer layer) => $"/var/lib/lazy-snapshotter/layers/mounts/{layer.Digest.Replace(':', '-')}/fs/data/lazy";

    private async Task<string> StatesAsync() =>
        (await Systemd.RunAsync("/usr/local/lib/lazy-snapshotter/lazy-snapshotter", "layers", "--json", "--root", "/var/lib/lazy-snapshotter")).AssertSucceeded().Output;

    private async Task<string> KeeperAsync() => (await Systemd.RunAsync("systemctl", "show", "--property", "MainPID", "--value", Keeper)).AssertSucceeded().Output.Trim();

    private Task KeptAsync() => Eventually.TrueAsync(
        async () => (await Systemd.RunAsync("bash", "-c", $"ls -l /proc/{await KeeperAsync()}/fd")).Output.Contains("/dev/fuse", StringComparison.Ordinal),
        "the keeper has the mount");
}
