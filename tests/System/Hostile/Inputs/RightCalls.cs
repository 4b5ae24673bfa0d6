using Containerd.Snapshots.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Valid requests of all ten calls, with few names, so that they conflict.</summary>
internal static class RightCalls
{
    private static readonly string[] Names = ["a", "b", "c", "d", "k8s.io/7/extract-123 sha256:ab", "ü"];
    private static readonly string[] Filters = ["", "kind==active", "name==a", "parent==b", "labels.x==1", "name~=^[ab]$"];
    private static readonly string[] Methods = ["Prepare", "View", "Mounts", "Commit", "Remove", "Stat", "Update", "List", "Usage", "Cleanup"];

    public static Input Any(Random random)
    {
        var (method, message) = Message(random);
        return Input.Call($"right {method}", method, Request.Body(message));
    }

    public static string Method(Random random) => random.Pick(Methods);

    public static (string Method, byte[] Message) Message(Random random)
    {
        var method = Method(random);
        return (method, Of(method, random).ToByteArray());
    }

    private static IMessage Of(string method, Random random)
    {
        var (name, other, label) = (random.Pick(Names), random.Pick(Names), $"{random.Next(3)}");
        var parent = random.Next(2) == 0 ? "" : other;
        return method switch
        {
            "Prepare" => new PrepareSnapshotRequest { Snapshotter = "hello", Key = name, Parent = parent, Labels = { ["x"] = label } },
            "View" => new ViewSnapshotRequest { Snapshotter = "hello", Key = name, Parent = parent, Labels = { ["x"] = label } },
            "Mounts" => new MountsRequest { Snapshotter = "hello", Key = name },
            "Commit" => new CommitSnapshotRequest { Snapshotter = "hello", Name = other, Key = name, Labels = { ["y"] = label } },
            "Remove" => new RemoveSnapshotRequest { Snapshotter = "hello", Key = name },
            "Stat" => new StatSnapshotRequest { Snapshotter = "hello", Key = name },
            "Update" => new UpdateSnapshotRequest
            {
                Snapshotter = "hello",
                Info = new() { Name = name, CreatedAt = new() { Seconds = -62_135_596_800 }, Labels = { ["x"] = label } },
                UpdateMask = new() { Paths = { "labels.x" } },
            },
            "List" => new ListSnapshotsRequest { Snapshotter = "hello", Filters = { random.Pick(Filters), random.Pick(Filters) } },
            "Usage" => new UsageRequest { Snapshotter = "hello", Key = name },
            _ => new CleanupRequest { Snapshotter = "hello" },
        };
    }
}
