using System.Globalization;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>A root directory as an operator sees it: its directories and its database file.</summary>
internal sealed record RootDirectory(string Path)
{
    public string Snapshots => $"{Path}/snapshots";

    public string Database => $"{Path}/store/metadata.db";

    /// <summary>The numbers of the directories or images, ascending.</summary>
    public IReadOnlyList<long> Numbers() =>
        [.. Directory.GetFileSystemEntries(Snapshots).Select(path => long.Parse(System.IO.Path.GetFileName(path), CultureInfo.InvariantCulture)).Order()];

    public string Content(long number) => $"{Snapshots}/{number}/fs";

    /// <summary>
    /// The snapshots in the database, sorted by number. No call may be running.
    /// </summary>
    public IReadOnlyList<StoredRow> Rows()
    {
        // A copy, with its log: on btrfs only one process can read the database.
        var copy = Directory.CreateTempSubdirectory("rows-");
        try
        {
            foreach (var file in Directory.GetFiles(System.IO.Path.GetDirectoryName(Database)!, "metadata.db*").Where(file => file == Database || file.EndsWith("-wal", StringComparison.Ordinal)))
                File.Copy(file, System.IO.Path.Combine(copy.FullName, System.IO.Path.GetFileName(file)));

            return Rows(System.IO.Path.Combine(copy.FullName, "metadata.db"));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static List<StoredRow> Rows(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, name FROM snapshots ORDER BY number";
        using var reader = command.ExecuteReader();

        var rows = new List<StoredRow>();
        while (reader.Read())
            rows.Add(new(reader.GetInt64(0), reader.GetString(1)));

        return rows;
    }

    /// <summary>The number of a snapshot.</summary>
    public long NumberOf(string name) => Rows().Single(row => row.Name == name).Number;

    /// <summary>Each snapshot's usage by its number, measured with find.</summary>
    public async Task<IReadOnlyDictionary<long, UsageResponse>> UsageAsync()
    {
        var found = (await Command.RunAsync(["find", Snapshots, "(", "-path", $"{Snapshots}/*/fs*", "-o", "-type", "f", "-regex", $"{Snapshots}/[0-9]+", ")", "-printf", "%D:%i %b %P\\n"])).AssertSucceeded();

        return found.Lines
            .Select(line => line.Split([' ', '/']))
            .Select(line => (Inode: line[0], Blocks: long.Parse(line[1], CultureInfo.InvariantCulture), Number: long.Parse(line[2], CultureInfo.InvariantCulture)))
            .Distinct()
            .GroupBy(file => file.Number)
            .ToDictionary(files => files.Key, files => new UsageResponse { Inodes = files.Count(), Size = 512 * files.Sum(file => file.Blocks) });
    }
}

/// <summary>A snapshot in the database.</summary>
internal sealed record StoredRow(long Number, string Name);
