using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Samples.Lazy.Filling;

namespace Samples.Lazy.Commands;

/// <summary><c>keeper</c>: keeps the mount of lazy layers while the snapshotter does not run.</summary>
internal static class KeeperCommand
{
    public static Command Command { get; } = new("keeper", "Keeps the mount of lazy layers while the snapshotter does not run, for its unit of its own. It ends by itself.");

    public static async Task<int> RunAsync(SnapshotterCommandLine given, CancellationToken cancellationToken)
    {
        var root = given.Root ?? throw SnapshotterException.FailedPrecondition("the option --root is missing");
        try
        {
            Directory.CreateDirectory(root);
            using var keeper = FuseKeeper.Listen(LazyKeeper.SocketOf(root));
            await keeper.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
        catch (IOException exception)
        {
            throw SnapshotterException.FailedPrecondition(exception.Message);
        }

        return 0;
    }
}
