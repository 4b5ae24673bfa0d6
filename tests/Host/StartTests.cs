using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>What a native server says when it starts.</summary>
internal sealed class StartTests
{
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

    private async Task<string> LogAsync()
    {
        await using var process = await NativeProcess.StartAsync(_hello, _folder);
        return (await process.StopAsync("TERM")).Log;
    }
}
