using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>What a native server says when it starts.</summary>
internal sealed class StartTests
{
    private const UnixFileMode Everyone = (UnixFileMode)0x1FF; // 0777

    private DirectoryInfo _folder = null!;
    private string _hello = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        _hello = await PublishedSample.Hello.PathAsync();
        _folder = Directory.CreateTempSubdirectory("host-");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [Test]
    public async Task Its_version_and_the_library_s() =>
        Assert.That(await LogAsync(), Does.Match("info: hello-snapshotter\\[[0-9]+\\] Version [0-9][^ +]*, on Snapshots.Runtime [0-9][^ +]*\n"));

    [Test]
    public async Task That_others_can_write_in_the_socket_s_directory()
    {
        File.SetUnixFileMode(_folder.FullName, Everyone);

        Assert.That(await LogAsync(), Does.Match($"warn: .* everyone can write in the directory \"{_folder.FullName}\", and put another socket there: chmod o-w {_folder.FullName}\n"));
    }

    [Test]
    public async Task Nothing_of_a_directory_in_which_others_cannot_replace_a_socket()
    {
        File.SetUnixFileMode(_folder.FullName, Everyone | UnixFileMode.StickyBit);

        Assert.That(await LogAsync(), Does.Not.Contain("warn:"));
    }

    private async Task<string> LogAsync()
    {
        await using var process = await NativeProcess.StartAsync(_hello, _folder);
        return (await process.StopAsync("TERM")).Log;
    }
}
