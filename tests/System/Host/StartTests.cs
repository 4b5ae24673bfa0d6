using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>What a native server logs at its start.</summary>
internal sealed class StartTests : HelloTest
{
    private const UnixFileMode Everyone = (UnixFileMode)0x1FF; // 0777

    [Test]
    public async Task It_logs_its_version_and_the_library_s() =>
        Assert.That(await LogAsync(), Does.Match("info: hello-snapshotter\\[[0-9]+\\] Version [0-9][^ +]*, on Snapshots.Hosting [0-9][^ +]*\n"));

    [Test]
    public async Task It_warns_if_others_can_write_in_the_socket_s_directory()
    {
        File.SetUnixFileMode(Folder.FullName, Everyone);

        Assert.That(await LogAsync(), Does.Match($"warn: .* everyone can write in the directory \"{Folder.FullName}\", and put another socket there: chmod o-w {Folder.FullName}\n"));
    }

    [Test]
    public async Task It_does_not_warn_if_others_cannot_replace_the_socket()
    {
        File.SetUnixFileMode(Folder.FullName, Everyone | UnixFileMode.StickyBit);

        Assert.That(await LogAsync(), Does.Not.Contain("warn:"));
    }

    private async Task<string> LogAsync()
    {
        await using var process = await NativeProcess.StartAsync(Hello, Folder);
        return (await process.StopAsync("TERM")).Log;
    }
}
