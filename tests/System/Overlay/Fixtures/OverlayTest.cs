using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>
/// Gives each test a folder, and snapshotters that run on a root directory in it. The folder is in memory: a test that
/// needs a disk makes one.
/// </summary>
internal abstract class OverlayTest(PublishedSample sample)
{
    private DirectoryInfo _folder = null!;

    /// <summary>Tests the overlay sample.</summary>
    protected OverlayTest(SqliteIn sqlite = SqliteIn.Library)
        : this(sqlite == SqliteIn.Binary ? PublishedSample.OverlayInOneFile : PublishedSample.Overlay)
    {
    }

    /// <summary>The default root directory.</summary>
    protected RootDirectory Root { get; private set; } = null!;

    protected PublishedSample Sample => sample;

    protected string Binary { get; private set; } = "";

    [SetUp]
    public async Task MakeFolder()
    {
        if (sample == PublishedSample.OverlayInOneFile)
            Tools.RequireStaticSqlite();

        Binary = await sample.PathAsync();
        _folder = Directory.CreateDirectory($"/dev/shm/overlay-{Guid.NewGuid():N}");
        Root = new(FileOf("root"));
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    /// <summary>A path in the test's folder.</summary>
    protected string FileOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Starts a snapshotter on <see cref="Root"/>, and waits until it answers.</summary>
    protected Task<NativeProcess> StartAsync(params IReadOnlyList<string> options) => StartOnAsync(Root, options);

    /// <summary>Starts a snapshotter on another root directory.</summary>
    protected Task<NativeProcess> StartOnAsync(RootDirectory root, params IReadOnlyList<string> options) =>
        NativeProcess.StartAsync(Binary, FileOf("test.sock"), root.Path, [.. sample.ArgumentsFor(root.Path), .. options]);

    /// <summary>Asserts that a start is refused with one sentence.</summary>
    /// <returns>The sentence.</returns>
    protected async Task<string> AssertRefusedAsync(RootDirectory root, params IReadOnlyList<string> options)
    {
        var result = await Command.RunAsync([Binary, FileOf("refused.sock"), "--root", root.Path, .. options]);

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1), result.Error);
            Assert.That(result.Error.TrimEnd(), Does.StartWith("overlay-snapshotter: ").And.Not.Contain('\n'));
        });
        return result.Error;
    }
}
