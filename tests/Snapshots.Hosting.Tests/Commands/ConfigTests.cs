namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>The output of the command config.</summary>
[NonParallelizable]
internal sealed class ConfigTests
{
    private const string Socket = "/run/example/example.sock", Root = "/var/lib/example";

    [Test]
    public async Task Containerd_2_has_all_and_unpacks_for_the_snapshotter_and_overlayfs() => Assert.That(
        await PrintAsync(Declaring, Socket, "--root", Root, "--name", "example", "--platform", "linux/amd64"),
        Is.EqualTo("""
            version = 3

            [proxy_plugins.example]
              type = "snapshot"
              address = "/run/example/example.sock"
              platform = "linux/amd64"
              capabilities = ["rebase"]
              [proxy_plugins.example.exports]
                root = "/var/lib/example"
                enable_remote_snapshot_annotations = "true"

            # The snapshotters that containerd unpacks images for, for example in "ctr images pull". This list replaces the
            # built-in one, which has only overlayfs. Remove overlayfs here if nothing uses it.
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "example"
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "overlayfs"

            # For Kubernetes: CRI then tells the snapshotter where layers come from.
            [plugins."io.containerd.cri.v1.images"]
              disable_snapshot_annotations = false

            """));

    [Test]
    public async Task Containerd_1_7_has_no_unpack_table() => Assert.That(
        await PrintAsync(Declaring, Socket, "--root", Root, "--name", "example", "--platform", "linux/arm64", "--containerd", "1.7"),
        Is.EqualTo("""
            version = 2

            # For containerd 1.7; containerd 2 needs more.
            [proxy_plugins.example]
              type = "snapshot"
              address = "/run/example/example.sock"
              platform = "linux/arm64"
              capabilities = ["rebase"]
              [proxy_plugins.example.exports]
                root = "/var/lib/example"
                enable_remote_snapshot_annotations = "true"

            # For Kubernetes: CRI then tells the snapshotter where layers come from.
            [plugins."io.containerd.grpc.v1.cri".containerd]
              disable_snapshot_annotations = false

            """));

    [Test]
    public async Task Containerd_1_6_has_type_and_address_and_a_comment_on_the_rest() => Assert.That(
        await PrintAsync(Declaring, Socket, "--root", Root, "--name", "example", "--containerd", "1.6"),
        Is.EqualTo("""
            version = 2

            # For containerd 1.6, which does not support capabilities and exports (left out: the capability "rebase", the export "root", the export "enable_remote_snapshot_annotations"); containerd 2 needs more.
            [proxy_plugins.example]
              type = "snapshot"
              address = "/run/example/example.sock"

            # For Kubernetes: CRI then tells the snapshotter where layers come from.
            [plugins."io.containerd.grpc.v1.cri".containerd]
              disable_snapshot_annotations = false

            """));

    [Test]
    public async Task Without_omissions_the_comment_has_only_the_version() => Assert.That(
        await PrintAsync(HostedCommand.Unnamed, Socket, "--name", "example", "--containerd", "1.6"),
        Is.EqualTo("""
            version = 2

            # For containerd 1.6; containerd 2 needs more.
            [proxy_plugins.example]
              type = "snapshot"
              address = "/run/example/example.sock"

            """));

    [Test]
    public async Task Several_snapshotters_have_a_table_each_and_a_root_each() => Assert.That(
        await PrintAsync(HostedCommand.Named, Socket, "--root", Root, "--platform", "linux/amd64"),
        Is.EqualTo("""
            version = 3

            [proxy_plugins.fast]
              type = "snapshot"
              address = "/run/example/example.sock"
              platform = "linux/amd64"
              [proxy_plugins.fast.exports]
                root = "/var/lib/example/fast"

            [proxy_plugins.cheap]
              type = "snapshot"
              address = "/run/example/example.sock"
              platform = "linux/amd64"
              [proxy_plugins.cheap.exports]
                root = "/var/lib/example/cheap"

            # The snapshotters that containerd unpacks images for, for example in "ctr images pull". This list replaces the
            # built-in one, which has only overlayfs. Remove overlayfs here if nothing uses it.
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "fast"
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "cheap"
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
              platform = "linux/amd64"
              snapshotter = "overlayfs"

            """));

    [Test]
    public async Task One_of_several_is_chosen_by_its_name() => Assert.That(
        await PrintAsync(HostedCommand.Named, Socket, "--name", "cheap", "--containerd", "1.6"),
        Does.Contain("[proxy_plugins.cheap]").And.Not.Contain("fast"));

    [Test]
    public async Task Texts_are_escaped() => Assert.That(
        await PrintAsync(
            args => HostedCommand.Unnamed(args).AddExport("a key", "tab\tline\nbell\a\u007f\"\\ü"),
            "/run/a \"b\"\\c.sock", "--name", "a.b", "--platform", "linux/amd64", "--containerd", "1.7"),
        Is.EqualTo("""
            version = 2

            # For containerd 1.7; containerd 2 needs more.
            [proxy_plugins."a.b"]
              type = "snapshot"
              address = "/run/a \"b\"\\c.sock"
              platform = "linux/amd64"
              [proxy_plugins."a.b".exports]
                "a key" = "tab\tline\nbell\u0007\u007F\"\\ü"

            """));

    [Test]
    public async Task Relative_paths_become_absolute()
    {
        var text = await PrintAsync(HostedCommand.Unnamed, "example.sock", "--root", "data/");

        Assert.That(text, Does.Contain($"address = \"{Path.GetFullPath("example.sock")}\"").And.Contain($"root = \"{Path.GetFullPath("data/")}\""));
    }

    [Test]
    public async Task The_platform_is_the_machine_s()
    {
        var machine = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

        Assert.That(await PrintAsync(HostedCommand.Unnamed, Socket), Does.Contain($"platform = \"linux/{machine}\""));
    }

    [TestCase("--remap", "capabilities = [\"remap-ids\"]")]
    [TestCase(null, "platform")]
    public async Task A_capability_can_depend_on_an_option(string? option, string last)
    {
        string[] options = option is null ? [] : [option];

        var text = await PrintAsync(Remapping, [Socket, "--containerd", "1.7", .. options]);

        Assert.That(text.TrimEnd().Split('\n')[^1].Trim(), Does.StartWith(last));
    }

    [Test]
    public async Task A_capability_can_depend_on_the_snapshotter() => Assert.That(
        await PrintAsync(args => HostedCommand.Named(args).AddCapability("rebase", given => given.Name == "cheap"), Socket, "--containerd", "1.6"),
        Does.Match("\"rebase\".*\n\\[proxy_plugins.cheap]").And.Not.Match("\"rebase\".*\n\\[proxy_plugins.fast]"));

    [Test]
    public async Task An_export_of_the_program_s_own_can_be_the_root() => Assert.That(
        await PrintAsync(args => HostedCommand.Unnamed(args).AddExport("root", "/pool"), Socket, "--root", Root, "--containerd", "1.7"),
        Does.Contain("    root = \"/pool\"\n").And.Not.Contain(Root));

    [TestCase("this program has no snapshotter \"slow\": choose one of fast, cheap", Socket, "--name", "slow")]
    [TestCase("the name in --name is empty", Socket, "--name", "")]
    [TestCase("the socket's path is missing")]
    [TestCase("leave out \"unix:\"", "unix:///run/a.sock")]
    [TestCase("\"1.5\" is not a supported version of containerd", Socket, "--containerd", "1.5")]
    public async Task An_invalid_value_gives_one_sentence(string sentence, params string[] args)
    {
        var result = await HostedCommand.RunAsync(HostedCommand.Named, ["config", .. args]);

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Error, Does.Contain(sentence));
        });
    }

    [Test]
    public async Task Nothing_is_created()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");

        await PrintAsync(HostedCommand.Unnamed, Path.Combine(folder.FullName, "a.sock"), "--root", Path.Combine(folder.FullName, "root"));

        Assert.That(folder.GetFileSystemInfos(), Is.Empty);
        folder.Delete();
    }

    [Test]
    public void An_export_cannot_be_declared_twice() => Assert.That(
        () => HostedCommand.Unnamed([]).AddExport("a", "1").AddExport("a", "2"), Throws.ArgumentException.With.Message.Contains("\"a\""));

    [TestCase("--name")]
    [TestCase("--containerd")]
    [TestCase("--platform")]
    [TestCase("--containerd-config")]
    public void A_program_cannot_declare_the_command_s_options(string name) => Assert.That(
        () => HostedCommand.Unnamed([]).AddOption(new System.CommandLine.Option<bool>(name)), Throws.ArgumentException.With.Message.Contains(name));

    private static SnapshotterHostBuilder Declaring(string[] args) =>
        HostedCommand.Unnamed(args).AddCapability("rebase").AddExport("enable_remote_snapshot_annotations", "true");

    private static SnapshotterHostBuilder Remapping(string[] args) => HostedCommand.Unnamed(args)
        .AddOption(HostedCommand.Remap)
        .AddCapability("remap-ids", given => given.GetValue(HostedCommand.Remap));

    private static async Task<string> PrintAsync(Func<string[], SnapshotterHostBuilder> program, params string[] args)
    {
        var result = await HostedCommand.RunAsync(program, ["config", .. args]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        return result.Output;
    }
}
