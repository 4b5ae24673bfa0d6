using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Stored;

/// <summary>Gives each test a snapshotter with a store on disk and content in memory.</summary>
internal abstract class StoredSnapshotterTest
{
    protected static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    protected StoreFolder Folder { get; private set; } = null!;

    protected FakeContent Content { get; private set; } = null!;

    protected StoredSnapshotter Snapshotter { get; private set; } = null!;

    protected RecordedLog Log { get; } = new();

    [SetUp]
    public void OpenSnapshotter()
    {
        Log.Clear();
        Folder = StoreFolder.InMemory();
        Content = new();
        Snapshotter = StoredSnapshotter.Open(Folder.Path, Content, Log);
    }

    [TearDown]
    public async Task CloseSnapshotter()
    {
        await Snapshotter.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Closes the snapshotter and opens it again, on other content perhaps.</summary>
    protected async Task ReopenAsync(FakeContent? content = null, StoredSnapshotterOptions? options = null)
    {
        await Snapshotter.DisposeAsync();
        Content = content ?? new FakeContent().With(Content.Numbers);
        Snapshotter = StoredSnapshotter.Open(Folder.Path, Content, Log, options);
    }

    protected Task<IReadOnlyList<Mount>> PrepareAsync(string key, string parent = "", CancellationToken cancellationToken = default) =>
        Snapshotter.PrepareAsync(key, parent, None, cancellationToken);

    /// <summary>The number of a snapshot.</summary>
    protected long NumberOf(string key) => Snapshotter.Store.Find(key)!.Number;

    /// <summary>A committed snapshot.</summary>
    protected async Task LayerAsync(string name, string parent = "")
    {
        await PrepareAsync($"{name}-key", parent);
        await Snapshotter.CommitAsync(name, $"{name}-key", "", None, CancellationToken.None);
    }

    protected static async Task<SnapshotterError> ErrorOf(Func<Task> call) =>
        (await Assert.ThrowsAsync<SnapshotterException>(async () => await call()))!.Error;
}
