using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <content>What a store needs of a machine.</content>
public sealed partial class SnapshotStore
{
    /// <summary>
    /// Looks whether SQLite can be loaded, for <c>SnapshotterHostBuilder.AddCheck</c>. It opens no store, and creates
    /// and changes nothing.
    /// </summary>
    public static SnapshotterCheckResult Check()
    {
        try
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            return SnapshotterCheckResult.Ok($"SQLite {connection.ServerVersion} is there");
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException)
        {
            return SnapshotterCheckResult.Wrong("libe_sqlite3.so cannot be loaded", "put it beside the program, as it was published");
        }
    }
}
