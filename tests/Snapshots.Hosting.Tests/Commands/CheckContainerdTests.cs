using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Findings of check in containerd's configuration.</summary>
internal sealed class CheckContainerdTests : CheckTest
{
    [Test]
    public Task A_configuration_that_fits() =>
        AssertFindsAsync("ok containerd: \"FOLDER/config.toml\" configures the snapshotter as \"example\"");

    [Test]
    public async Task What_config_prints_fits()
    {
        foreach (var version in (string[])["1.6", "1.7", "2"])
        {
            var printed = await HostedCommand.RunAsync(HostedCommand.Named, "config", SocketPath, "--root", Root, "--containerd", version);
            await File.WriteAllTextAsync(Configuration, printed.Output);

            await AssertFindsAsync(HostedCommand.Named, "ok containerd: \"FOLDER/config.toml\" configures the snapshotter as \"cheap\"");
        }
    }

    [Test]
    public async Task No_file()
    {
        File.Delete(Configuration);

        await AssertFindsAsync("note containerd: \"FOLDER/config.toml\" does not exist: containerd has only its built-in snapshotters, or its configuration is elsewhere (--containerd-config)");
    }

    [Test]
    public async Task A_file_that_is_not_valid_TOML()
    {
        await File.WriteAllTextAsync(Configuration, "version = 2\n[proxy_plugins");

        var result = await CheckAsync(HostedCommand.Unnamed, SocketPath);

        Assert.That(result.Lines[^1], Does.StartWith($"wrong   containerd: \"{Configuration}\" is not valid TOML: (2,").And.Not.Contain('\r'));
    }

    [Test]
    public async Task No_plugin_with_the_address()
    {
        await File.WriteAllTextAsync(Configuration, "version = 2");

        await AssertFindsAsync("wrong containerd: \"FOLDER/config.toml\" has no proxy plugin with the address \"FOLDER/test.sock\": use the output of the command \"config\"");
    }

    [Test]
    public async Task A_plugin_with_the_name_and_another_address()
    {
        await File.WriteAllTextAsync(Configuration, """
            [proxy_plugins.example]
              type = "snapshot"
              address = "/run/other.sock"
            """);

        await AssertFindsAsync(
            "wrong containerd: the proxy plugin \"example\" has the address \"/run/other.sock\", not \"FOLDER/test.sock\": use the same address",
            "--name", "example");
    }

    [Test]
    public Task A_plugin_with_the_address_under_another_name() => AssertFindsAsync(
        "wrong containerd: \"FOLDER/config.toml\" has no proxy plugin \"mine\"; the one with this address has the name \"example\": use the same name",
        "--name", "mine");

    [Test]
    public async Task A_plugin_of_another_type()
    {
        await File.WriteAllTextAsync(Configuration, $"proxy_plugins = {{ example = {{ type = \"content\", address = \"{SocketPath}\" }} }}");

        await AssertFindsAsync("wrong containerd: the proxy plugin \"example\" has the type \"content\": write type = \"snapshot\"");
    }

    [Test]
    public async Task A_capability_that_the_code_lacks()
    {
        Configure("  capabilities = [\"rebase\"]");

        await AssertFindsAsync("wrong containerd: the proxy plugin \"example\" has the capability \"rebase\", which the snapshotter does not have with these options: remove it from containerd's configuration, or add the option that enables it");
    }

    [Test]
    public Task A_capability_that_the_configuration_lacks() => AssertFindsAsync(
        args => HostedCommand.Unnamed(args).AddCapability("rebase"),
        "warning containerd: the proxy plugin \"example\" lacks the capability \"rebase\", so containerd does not use it: add it (containerd 1.7 and later)");

    [Test]
    public async Task An_export_is_missing() => await AssertFindsAsync(
        WithLabels,
        "warning containerd: the proxy plugin \"example\" lacks the export enable_remote_snapshot_annotations = \"true\": add it (containerd 1.7 and later): use the output of the command \"config\"");

    [Test]
    public async Task CRI_of_containerd_1_sends_no_labels()
    {
        const string Note = "note containerd: under Kubernetes, containerd 1 does not tell \"example\" where layers come from, so it supplies none: disable_snapshot_annotations is not false: use the output of the command \"config\"";
        await AssertFindsAsync(WithLabels, Note);

        Configure("[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n  disable_snapshot_annotations = false");

        Assert.That((await CheckAsync(WithLabels, SocketPath)).Output, Does.Not.Contain("under Kubernetes"));
    }

    [Test]
    public async Task A_root_that_is_not_the_snapshotter_s()
    {
        Configure("  [proxy_plugins.example.exports]\n    root = \"/other\"");

        await AssertFindsAsync("warning containerd: the proxy plugin \"example\" has the export root = \"/other\", not \"FOLDER/root\": use the same value");
    }

    [Test]
    public async Task Containerd_2_without_an_unpack_table()
    {
        await File.WriteAllTextAsync(Configuration, $"""
            version = 3
            [proxy_plugins.example]
              type = "snapshot"
              address = "{SocketPath}"
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              snapshotter = "overlayfs"
            """);

        await AssertFindsAsync("wrong containerd: containerd 2 unpacks no images for \"example\": no unpack_config names it: use the output of the command \"config\"");
    }

    [Test]
    public async Task An_older_configuration_without_an_unpack_table_which_containerd_2_may_read()
    {
        await AssertFindsAsync("note containerd: if containerd 2 reads this configuration, it unpacks no images for \"example\": no unpack_config names it: use the output of the command \"config\"");
        await AssertFindsAsync("ok containerd: \"FOLDER/config.toml\" configures the snapshotter as \"example\"");
    }

    [TestCase("1.6")]
    [TestCase("1.7")]
    public async Task A_configuration_that_was_printed_for_an_older_version_gives_no_note_about_containerd_2(string version)
    {
        await File.WriteAllTextAsync(
            Configuration, (await HostedCommand.RunAsync(HostedCommand.Unnamed, "config", SocketPath, "--name", "example", "--containerd", version)).Output);

        var result = await CheckAsync(HostedCommand.Unnamed, SocketPath);

        Assert.That(result.Lines[^1], Is.EqualTo($"ok      containerd: \"{Configuration}\" configures the snapshotter as \"example\""));
    }

    [TestCase(2, "linux/PROCESSOR")]
    [TestCase(3, "linux/PROCESSOR")]
    [TestCase(3, "linux/PROCESSOR/v8")]
    [TestCase(3, "linux")]
    public async Task An_unpack_table_for_this_machine(int version, string platform)
    {
        ConfigureUnpacking(version, platform.Replace("PROCESSOR", Processor, StringComparison.Ordinal));

        var result = await CheckAsync(HostedCommand.Unnamed, SocketPath);

        Assert.That(result.Lines[^1], Is.EqualTo($"ok      containerd: \"{Configuration}\" configures the snapshotter as \"example\""));
    }

    [TestCase("linux/s390x")]
    [TestCase("windows/PROCESSOR")]
    [TestCase("")]
    public async Task An_unpack_table_for_another_machine(string platform)
    {
        platform = platform.Replace("PROCESSOR", Processor, StringComparison.Ordinal);
        ConfigureUnpacking(3, platform);

        await AssertFindsAsync($"wrong containerd: containerd 2 unpacks no images for \"example\": its unpack_config has the platform \"{platform}\", but this machine is linux/{Processor}: use the output of the command \"config\"");
    }

    [Test]
    public async Task An_address_by_a_link_is_the_same()
    {
        File.CreateSymbolicLink(FileOf("link"), FileOf(""));
        await File.WriteAllTextAsync(Configuration, $"[proxy_plugins.example]\ntype = \"snapshot\"\naddress = \"{FileOf("link/test.sock")}\"");

        await AssertFindsAsync("ok containerd: \"FOLDER/config.toml\" configures the snapshotter as \"example\"");
    }

    [Test]
    public async Task Imported_files_count_and_win()
    {
        Directory.CreateDirectory(FileOf("conf.d"));
        await File.WriteAllTextAsync(Configuration, "version = 3\nimports = [\"conf.d/*.toml\", \"none.d/*.toml\"]\n[proxy_plugins.example]\naddress = \"/old\"");
        await File.WriteAllTextAsync(FileOf("conf.d/a.toml"), (await HostedCommand.RunAsync(HostedCommand.Unnamed, "config", SocketPath, "--name", "example")).Output);

        await AssertFindsAsync("ok containerd: \"FOLDER/config.toml\" configures the snapshotter as \"example\"", "--name", "example");
    }

    [Test]
    public async Task An_imported_file_that_is_missing()
    {
        await File.WriteAllTextAsync(Configuration, "imports = [\"none.toml\"]");

        var result = await CheckAsync(HostedCommand.Unnamed, SocketPath);

        Assert.That(result.Lines[^1], Does.StartWith($"wrong   containerd: cannot read \"{FileOf("none.toml")}\""));
    }

    private static string Processor => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    private void ConfigureUnpacking(int version, string platform) => File.WriteAllText(Configuration, $"""
        version = {version}
        [proxy_plugins.example]
          type = "snapshot"
          address = "{SocketPath}"
        [[plugins."io.containerd.transfer.v1.local".unpack_config]]
          platform = "{platform}"
          snapshotter = "example"
        """);

    private static SnapshotterHostBuilder WithLabels(string[] args) => HostedCommand.Unnamed(args).AddExport("enable_remote_snapshot_annotations", "true");
}
