using System.Text;
using Containerd.Snapshots.Overlay.Mounts;
using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// Builds the mounts that containerd mounts: one for each snapshot. A single directory gets a bind mount, since the kernel
/// refuses an overlay of one; several get an overlay, which containerd can unpack into directly. All members are
/// thread-safe.
/// </summary>
public sealed class OverlayMounts
{
    private readonly SnapshotDirectories _directories;
    private readonly string[] _options;
    private readonly bool _remapIds;

    /// <summary>Checks the options, and combines those that every mount gets.</summary>
    /// <param name="directories">The directories of the snapshots.</param>
    /// <param name="features">The kernel's features: mounts get <c>index=off</c> if it supports that, <c>userxattr</c> if they need it.</param>
    /// <param name="options">The operator's options.</param>
    /// <exception cref="SnapshotterException">
    /// InvalidArgument: an operator cannot set one of the options. FailedPrecondition: the kernel cannot map ids.
    /// </exception>
    public OverlayMounts(SnapshotDirectories directories, OverlayFeatures features, OverlayOptions options)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(options);
        if (options.RemapIds && !features.IdMappedMounts)
            throw SnapshotterException.FailedPrecondition("this kernel cannot map the ids of overlay mounts: use Linux 5.19 or newer");

        foreach (var option in options.Extra)
            MountOptionCheck.Check(option);

        _directories = directories;
        _options = [.. Default(features).Where(name => !IsGiven(options.Extra, name)), .. options.Extra];
        _remapIds = options.RemapIds;
    }

    /// <summary>Returns the mount of a snapshot, as a list of one.</summary>
    /// <param name="kind">Active or View.</param>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="parents">The numbers of its parents, the nearest first; empty for none.</param>
    /// <param name="labels">Its labels; those for id mapping count.</param>
    /// <exception cref="SnapshotterException">FailedPrecondition: a committed snapshot has no mounts.</exception>
    public IReadOnlyList<Mount> Of(SnapshotKind kind, long number, IReadOnlyList<long> parents, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(labels);

        return [kind switch
        {
            SnapshotKind.Active when parents.Count == 0 => Mapped(Mount.Bind(_directories.ContentPath(number)), labels),
            SnapshotKind.Active => Overlay([$"workdir={_directories.WorkPath(number)}", $"upperdir={_directories.ContentPath(number)}"], parents, labels),
            SnapshotKind.View when parents.Count == 0 => Mapped(Mount.ReadOnlyBind(_directories.ContentPath(number)), labels),
            SnapshotKind.View when parents.Count == 1 => Mapped(Mount.ReadOnlyBind(_directories.ContentPath(parents[0])), labels),
            SnapshotKind.View => Overlay([], parents, labels),
            SnapshotKind.Committed => throw SnapshotterException.FailedPrecondition("a committed snapshot has no mounts"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "only active snapshots and views have mounts"),
        }];
    }

    private static IEnumerable<string> Default(OverlayFeatures features)
    {
        if (features.Index)
            yield return "index=off"; // containerd mounts the same lower directories many times, which index=on refuses.
        if (features.UserXattr)
            yield return "userxattr";
    }

    private static bool IsGiven(IReadOnlyList<string> extra, string option) =>
        extra.Any(other => other.Split('=')[0] == option.Split('=')[0]);

    private Mount Overlay(ReadOnlySpan<string> own, IReadOnlyList<long> parents, IReadOnlyDictionary<string, string> labels) => new()
    {
        Type = "overlay",
        Source = "overlay",
        Options = [.. Mapping(labels), .. _options, .. own, LowerDirectories(parents)],
    };

    private string LowerDirectories(IReadOnlyList<long> parents)
    {
        var nearest = _directories.ContentPath(parents[0]);
        var text = new StringBuilder("lowerdir=", capacity: 16 + ((nearest.Length + 4) * parents.Count)).Append(nearest);
        for (var index = 1; index < parents.Count; index++)
            text.Append(':').Append(_directories.ContentPath(parents[index]));

        return text.ToString();
    }

    private Mount Mapped(Mount mount, IReadOnlyDictionary<string, string> labels) =>
        Mapping(labels) is { Count: > 0 } mapping ? mount with { Options = [.. mapping, .. mount.Options] } : mount;

    // For containerd's mounter, not for the kernel: their values may have commas.
    private List<string> Mapping(IReadOnlyDictionary<string, string> labels)
    {
        List<string> options = [];
        if (_remapIds && labels.TryGetValue(SnapshotLabels.UidMapping, out var users) && users.Length > 0)
            options.Add($"uidmap={users}");
        if (_remapIds && labels.TryGetValue(SnapshotLabels.GidMapping, out var groups) && groups.Length > 0)
            options.Add($"gidmap={groups}");
        return options;
    }
}
