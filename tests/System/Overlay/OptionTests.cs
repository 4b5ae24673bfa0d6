using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>Options of the command line.</summary>
internal sealed class OptionTests : OverlayTest
{
    [Test]
    public async Task Mount_options_apply_only_to_overlay_mounts()
    {
        await using var process = await StartAsync("--mount-options", "volatile,metacopy=on");
        process.Calls.Layer("base");

        Assert.Multiple(() =>
        {
            Assert.That(process.Calls.Prepare("active", "base").Single().Options, Has.Member("volatile").And.Member("metacopy=on"));
            Assert.That(process.Calls.Prepare("first").Single().Options, Is.EqualTo(new[] { "rw", "rbind" }));
        });
    }

    [TestCase("lowerdir=/other", "\"lowerdir=/other\" cannot be used: the snapshotter chooses the directories")]
    [TestCase("volatile,ro", "\"ro\" cannot be used")]
    public async Task A_mount_option_that_would_make_another_mount_is_refused(string options, string message) =>
        Assert.That(await AssertRefusedAsync(Root, "--mount-options", options), Does.Contain(message));

    [Test]
    public async Task Ids_are_mapped_by_the_mount_only_on_request()
    {
        var labels = new Dictionary<string, string>
        {
            ["containerd.io/snapshot/uidmapping"] = "0:100000:65536",
            ["containerd.io/snapshot/gidmapping"] = "0:200000:65536",
        };

        await using (var plain = await StartAsync())
        {
            var mount = plain.Calls.Prepare(new() { Key = "plain", Labels = { labels } }).Mounts.Single();
            Assert.That(mount.Options, Has.None.StartsWith("uidmap"));
            await plain.StopAsync("TERM");
        }

        await using var process = await StartAsync("--remap-ids");
        var mapped = process.Calls.Prepare(new() { Key = "mapped", Labels = { labels } }).Mounts.Single();
        Assert.That(mapped.Options.Take(2), Is.EqualTo(new[] { "uidmap=0:100000:65536", "gidmap=0:200000:65536" }));
    }

    [Test]
    public async Task An_option_that_does_not_exist_is_refused_and_help_lists_those_that_do()
    {
        var refused = await Command.RunAsync([Binary, FileOf("test.sock"), "--root", Root.Path, "--nonsense"]);
        var help = (await Command.RunAsync([Binary, "--help"])).AssertSucceeded();

        Assert.Multiple(() =>
        {
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.Contain("'--nonsense'"));
            Assert.That(Directory.Exists(Root.Path), Is.False);
            Assert.That(help.Output, Does.Contain("--sync-layers").And.Contain("--mount-options").And.Contain("--remap-ids"));
        });
    }
}
