using System.Globalization;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The numbers of a snapshot's parents in the database: separated by commas, the nearest first; null for none.</summary>
internal static class ParentsText
{
    public static string? Write(IReadOnlyList<long> parents) => parents.Count == 0 ? null : string.Join(',', parents);

    /// <param name="text">The stored text.</param>
    /// <param name="name">The snapshot's key or name, for the message.</param>
    /// <exception cref="SnapshotterException">DataLoss: the text is damaged.</exception>
    public static IReadOnlyList<long> Read(string? text, string name)
    {
        if (text is null)
            return [];

        var parents = new List<long>();
        foreach (var part in text.AsSpan().Split(','))
        {
            parents.Add(long.TryParse(text.AsSpan(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw SqliteErrors.Damaged("parents", name));
        }

        return parents;
    }
}
