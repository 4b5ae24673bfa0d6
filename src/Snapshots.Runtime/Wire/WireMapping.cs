using Containerd.Snapshots.Wire;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using WireMount = Containerd.Snapshots.Wire.Mount;

namespace Containerd.Snapshots;

/// <summary>Between containerd's messages and the types that snapshotters speak, both ways.</summary>
internal static class WireMapping
{
    // Of google.protobuf.Timestamp: the seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    private const long MinSeconds = -62_135_596_800, MaxSeconds = 253_402_300_799;
    private const int NanosecondsPerSecond = 1_000_000_000;

    public static Info ToWire(SnapshotInfo info)
    {
        var wire = new Info
        {
            Name = info.Name,
            Parent = info.Parent,
            Kind = (Kind)info.Kind,
            CreatedAt = Timestamp.FromDateTimeOffset(info.CreatedAt),
            UpdatedAt = Timestamp.FromDateTimeOffset(info.UpdatedAt),
        };

        foreach (var (key, value) in info.Labels)
            wire.Labels.Add(key, value);

        return wire;
    }

    /// <summary>Maps an info that <see cref="CheckInfo"/> has found good.</summary>
    public static SnapshotInfo FromWire(Info info) => new()
    {
        Name = info.Name,
        Parent = info.Parent,
        Kind = (SnapshotKind)info.Kind,
        CreatedAt = info.CreatedAt?.ToDateTimeOffset() ?? default,
        UpdatedAt = info.UpdatedAt?.ToDateTimeOffset() ?? default,
        Labels = info.Labels,
    };

    /// <summary>Whether an info has values that the types of snapshotters cannot hold.</summary>
    public static SnapshotResult CheckInfo(Info info)
    {
        if (info.Kind is < Kind.Unknown or > Kind.Committed)
            return SnapshotResult.InvalidArgument($"the info has the kind {(int)info.Kind}, which is not known");

        if (!IsInRange(info.CreatedAt))
            return SnapshotResult.InvalidArgument("the info's created_at is outside the years 1 to 9999");

        if (!IsInRange(info.UpdatedAt))
            return SnapshotResult.InvalidArgument("the info's updated_at is outside the years 1 to 9999");

        return SnapshotResult.Success;
    }

    /// <summary>Adds the mounts of an answer: one mount, or several in order.</summary>
    public static void AddMounts(object payload, RepeatedField<WireMount> wire)
    {
        if (payload is Mount mount)
        {
            wire.Add(ToWire(mount));
            return;
        }

        foreach (var each in (IEnumerable<Mount>)payload)
            wire.Add(ToWire(each ?? throw new SnapshotterException(SnapshotterError.Internal, "the snapshotter returned a mount that is null")));
    }

    private static WireMount ToWire(Mount mount)
    {
        var wire = new WireMount { Type = mount.Type, Source = mount.Source, Target = mount.Target };
        wire.Options.AddRange(mount.Options);
        return wire;
    }

    private static bool IsInRange(Timestamp? time) => time is null
        or { Seconds: >= MinSeconds and <= MaxSeconds, Nanos: >= 0 and < NanosecondsPerSecond };
}
