using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>Gives each test an empty store.</summary>
internal abstract class StoreTest
{
    protected StoreFolder Folder { get; private set; } = null!;

    protected SnapshotStore Store { get; private set; } = null!;

    [SetUp]
    public void OpenStore()
    {
        Folder = new();
        Store = Folder.Open();
    }

    [TearDown]
    public void CloseStore()
    {
        Store.Dispose();
        Folder.Dispose();
    }

    /// <summary>Closes the store and opens it again.</summary>
    protected void Reopen(SnapshotStoreOptions? options = null)
    {
        Store.Dispose();
        Store = Folder.Open(options);
    }

    /// <summary>Returns the error that a call fails with.</summary>
    protected static async Task<SnapshotterError> ErrorOf(Func<Task> call) =>
        (await Assert.ThrowsAsync<SnapshotterException>(async () => await call()))!.Error;
}
