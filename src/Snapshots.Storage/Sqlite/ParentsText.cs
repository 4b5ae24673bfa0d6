using System.Globalization;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The numbers of all that is below a snapshot, as the store keeps them: the nearest first, parted by commas; null for none.</summary>
internal static class ParentsText
{
    public static string? Write(IReadOnlyList<long> parents) => parents.Count == 0 ? null : string.Join(',', parents);

    /// <param name="text">The numbers, as they are stored.</param>
    /// <param name="name">Whose they are.</param>
    /// <exception cref="SnapshotterException">DataLoss: it is no such text.</exception>
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
