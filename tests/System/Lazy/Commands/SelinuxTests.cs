namespace Containerd.Snapshots.Tests.Lazy.Commands;

/// <summary>The option --selinux-context.</summary>
internal sealed class SelinuxTests : LazyTest
{
    [Test]
    public async Task Kernel_without_SELinux_refuses_the_label()
    {
        if (Directory.Exists("/sys/fs/selinux"))
            Assert.Ignore("This kernel has SELinux.");

        var image = await PushAsync();

        var fetch = await Node.Snapshotter.RunAsync(
            "fetch", "--root", Node.Snapshotter.Root, "--hosts-dir", Node.Hosts, "--selinux-context", "system_u:object_r:container_ro_file_t:s0", Reference(image));

        Assert.That(fetch.ExitCode, Is.EqualTo(1), $"{fetch}");
        Assert.That(fetch.Error, Does.Contain("cannot mount"));
        Assert.That(await Node.FilesAsync(), Is.Empty);
    }
}
