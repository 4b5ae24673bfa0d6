namespace Containerd.Snapshots.Tests.Storage.Fixtures;

internal static class Labels
{
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Mapping(string? users, string? groups)
    {
        var labels = new Dictionary<string, string>();
        if (users is not null)
            labels[SnapshotLabels.UidMapping] = users;
        if (groups is not null)
            labels[SnapshotLabels.GidMapping] = groups;
        return labels;
    }
}
