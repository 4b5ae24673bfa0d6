using Containerd.Snapshots.Storage;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>A folder for a store, deleted with it.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder;

    public StoreFolder() => _folder = Directory.CreateTempSubdirectory("store-");

    private StoreFolder(string path) => _folder = Directory.CreateDirectory(path);

    /// <summary>In memory, for tests that open many stores and need no disk.</summary>
    public static StoreFolder InMemory() => new($"/dev/shm/store-{Guid.NewGuid():N}");

    public string Path => _folder.FullName;

    public string File => System.IO.Path.Combine(Path, "metadata.db");

    public SnapshotStore Open(SnapshotStoreOptions? options = null) => SnapshotStore.Open(File, options);

    /// <summary>Opening the store is refused with this error.</summary>
    public SnapshotterException AssertRefused(SnapshotterError error)
    {
        var exception = Assert.Throws<SnapshotterException>(() => Open().Dispose())!;
        Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
        return exception;
    }

    /// <summary>Opens the file as another program does, such as an operator's.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Copies the files as another process would find them if this one were killed now.</summary>
    public StoreFolder Crashed()
    {
        var copy = new StoreFolder();
        foreach (var file in _folder.GetFiles().Where(file => file.Name.StartsWith("metadata.db", StringComparison.Ordinal) && !file.Name.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var source = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = System.IO.File.Create(System.IO.Path.Combine(copy.Path, file.Name));
            source.CopyTo(target);
        }

        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
