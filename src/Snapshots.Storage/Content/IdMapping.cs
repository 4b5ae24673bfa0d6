using System.Globalization;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>The labels that map a container's ids to the host's, as <c>container:host:size[,...]</c>.</summary>
internal static class IdMapping
{
    private const uint NoId = uint.MaxValue; // (uid_t)-1, which is not an id.

    /// <summary>
    /// Returns the host's ids of a container's root, or null without such labels. With one label only, the other kind of id is
    /// not mapped, as in containerd.
    /// </summary>
    /// <exception cref="SnapshotterException">InvalidArgument: a label is malformed, or does not map id 0.</exception>
    public static Owner? RootOf(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0)
            return null;

        var (user, group) = (RootOf(labels, SnapshotLabels.UidMapping), RootOf(labels, SnapshotLabels.GidMapping));
        return user is null && group is null ? null : new Owner(user ?? 0, group ?? 0);
    }

    private static uint? RootOf(IReadOnlyDictionary<string, string> labels, string label)
    {
        if (!labels.TryGetValue(label, out var mapping) || mapping.Length == 0)
            return null;

        uint? root = null;
        foreach (var range in mapping.AsSpan().Split(','))
        {
            if (!TryParse(mapping.AsSpan()[range], out var container, out var host))
                throw SnapshotterException.InvalidArgument($"the label {label} is \"{mapping}\", not container:host:size[,...]");
            if (container == 0)
                root ??= host;
        }

        return root ?? throw SnapshotterException.InvalidArgument($"the label {label} is \"{mapping}\", which does not map id 0, the container's root");
    }

    private static bool TryParse(ReadOnlySpan<char> range, out uint container, out uint host)
    {
        container = host = 0;
        Span<Range> parts = stackalloc Range[4];
        return range.Split(parts, ':') == 3
            && TryParse(range[parts[0]], out container)
            && TryParse(range[parts[1]], out host)
            && TryParse(range[parts[2]], out var size)
            && size > 0
            && container <= NoId - size
            && host <= NoId - size;
    }

    private static bool TryParse(ReadOnlySpan<char> id, out uint value) =>
        uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
