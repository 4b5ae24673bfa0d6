using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>Gives each test a folder, and samples/Hello as a native binary.</summary>
internal abstract class HelloTest
{
    protected DirectoryInfo Folder { get; private set; } = null!;

    protected string Hello { get; private set; } = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        Hello = await PublishedSample.Hello.PathAsync();
        Folder = Directory.CreateTempSubdirectory("host-");
    }

    [TearDown]
    public void DeleteFolder() => Folder?.Delete(recursive: true);
}
