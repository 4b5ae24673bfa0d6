using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <content>The check of the machine.</content>
public sealed partial class SnapshotStore
{
    /// <summary>
    /// Checks whether SQLite can be loaded, for <c>SnapshotterHostBuilder.AddCheck</c>. It opens no store, and creates and
    /// changes nothing.
    /// </summary>
    /// <returns>Ok with SQLite's version, or Wrong with the remedy.</returns>
    public static SnapshotterCheckResult Check()
    {
        try
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            return SnapshotterCheckResult.Ok($"SQLite {connection.ServerVersion} can be loaded");
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException)
        {
            return SnapshotterCheckResult.Wrong("libe_sqlite3.so cannot be loaded", "copy it from the published output to the program's directory");
        }
    }
}
