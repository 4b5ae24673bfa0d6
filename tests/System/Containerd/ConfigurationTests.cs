namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Each version of containerd accepts the output of the command config.</summary>
[Category("Containerd")]
[NonParallelizable]
internal sealed class ConfigurationTests
{
    private Box _box = null!;
    private Snapshotter _snapshotter = null!;

    [SetUp]
    public async Task StartSnapshotter()
    {
        Tools.Require("containerd", "ctr", "unshare", "nsenter");
        _box = await Box.OpenAsync();
        _snapshotter = new(_box, PublishedSample.Overlay);
        await _snapshotter.StartAsync();
    }

    [TearDown]
    public async Task StopSnapshotter()
    {
        if (_box is null)
            return;

        await _snapshotter.DisposeAsync();
        await _box.DisposeAsync();
        _box = null!;
    }

    [Test]
    public async Task Containerd_1_6_accepts_it()
    {
        var dump = await AssertTakenAsync("1.6", folder: "");

        Assert.That(dump, Does.Match($"""address = ["']{_snapshotter.Socket}["']"""));
    }

    [Test]
    public async Task Containerd_2_accepts_it_with_all_declarations()
    {
        var dump = await AssertTakenAsync("2", Tools.RequireContainerd2());

        Assert.Multiple(() =>
        {
            Assert.That(dump, Does.Match($"""address = ["']{_snapshotter.Socket}["']"""));
            Assert.That(dump, Does.Match("""capabilities = \[["']remap-ids["']\]"""));
            Assert.That(dump, Does.Match($"""root = ["']{_snapshotter.Root}["']"""));
            Assert.That(dump, Does.Match($"""snapshotter = ["']{PrivateContainerd.Snapshotter}["']""").And.Match("""snapshotter = ["']overlayfs["']"""));
        });
    }

    [Test]
    public async Task The_default_name_is_the_program_s_without_its_ending()
    {
        var config = await ConfigAsync();

        Assert.That(config, Does.Contain("\n[proxy_plugins.overlay]\n"));
    }

    [Test]
    public async Task Check_finds_nothing_wrong_with_it()
    {
        var configuration = Path.Combine(_box.Folder, "config.toml");
        await File.WriteAllTextAsync(configuration, await ConfigAsync());

        var check = await RunAsync("check", "--containerd-config", configuration);

        Assert.That(check.Output, Does.Contain("ok      store: SQLite 3.").And.Contain($"ok      containerd: \"{configuration}\" has the snapshotter as \"overlay\""));
        Assert.That(check.Lines.Where(line => line.StartsWith("wrong", StringComparison.Ordinal)), Is.Empty);
        Assert.That(check.ExitCode, Is.Zero);
    }

    /// <summary>Asserts that a containerd with this configuration starts and imports an image.</summary>
    /// <returns>containerd's whole configuration, with defaults.</returns>
    private async Task<string> AssertTakenAsync(string version, string folder)
    {
        var part = await ConfigAsync("--containerd", version, "--name", PrivateContainerd.Snapshotter);
        await using var containerd = await PrivateContainerd.StartWithAsync(_box, part, folder);

        var plugins = (await containerd.CtrAsync("plugins", "ls")).AssertSucceeded();
        var import = await containerd.CtrAsync("images", "import", "--snapshotter", PrivateContainerd.Snapshotter, await TestImage.WriteAsync(_box.Folder));

        Assert.That(plugins.Lines, Has.Some.Match($@"^io\.containerd\.snapshotter\.v1\s+{PrivateContainerd.Snapshotter}\s.*\sok\s*$"));
        Assert.That(import.ExitCode, Is.Zero, $"{import}\n{containerd.Log}");
        Assert.That(await _snapshotter.ListAsync(), Is.Not.Empty);
        return (await containerd.DumpAsync()).AssertSucceeded().Output;
    }

    private async Task<string> ConfigAsync(params IReadOnlyList<string> options) => (await RunAsync("config", options)).AssertSucceeded().Output;

    // With the options of a service, although this snapshotter runs without them.
    private async Task<CommandResult> RunAsync(string command, params IReadOnlyList<string> options) => await _box.RunAsync(
        [await PublishedSample.Overlay.PathAsync(), command, _snapshotter.Socket, "--root", _snapshotter.Root, "--remap-ids", .. options]);
}
