using Containerd.Snapshots.Storage.Content;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage;

/// <content>What follows the start, while calls are already answered; and the check of the machine.</content>
public sealed partial class StoredSnapshotter
{
    /// <summary>
    /// Checks whether a snapshotter can open its store, and whether its root directory is fit, for
    /// <c>SnapshotterHostBuilder.AddCheck</c>. It creates and changes nothing.
    /// </summary>
    /// <param name="root">The snapshotter's root directory, which need not exist; null if it is not known.</param>
    /// <param name="ownNames">As in <see cref="StoredSnapshotterOptions.OwnNames"/>; null for none.</param>
    public static IEnumerable<SnapshotterCheckResult> Check(string? root, IReadOnlyCollection<string>? ownNames = null)
    {
        var store = SnapshotStore.Check();
        if (root is null)
            return [store];

        return RootFindings.RefusalOf(root) is { } refusal
            ? [store, refusal]
            : [store, .. RootFindings.WarningsOf(root, ownNames ?? []), .. RootFindings.WarningsOfContent(root)];
    }

    // The first cleanup warns of names beside the content.
    private static IEnumerable<SnapshotterCheckResult> WarningsOf(string root, IReadOnlyCollection<string> ownNames) => RootFindings.RefusalOf(root) is { } refusal
        ? throw SnapshotterException.FailedPrecondition($"{refusal}")
        : RootFindings.WarningsOf(root, ownNames);

    private async Task FinishStartAsync(CancellationToken stopping)
    {
        try
        {
            ReportLost(stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            StoredSnapshotterLog.CannotLookForLost(_logger, exception);
        }
        catch (Exception)
        {
            return;
        }

        try
        {
            var report = await _sweeper.CleanupAsync(stopping).ConfigureAwait(false);
            if (report.Removed > 0)
                StoredSnapshotterLog.Swept(_logger, report.Removed, report.Freed.Size, report.Freed.Inodes);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
        catch (Exception exception)
        {
            StoredSnapshotterLog.CannotSweep(_logger, exception);
        }
    }

    // A snapshot without its content is logged, and does not stop the others. The store first: a snapshot that is stored has
    // its content already, so what the later listing lacks is lost or was removed meanwhile.
    private void ReportLost(CancellationToken stopping)
    {
        var stored = Store.StoredNumbers();
        StoredSnapshotterLog.Found(_logger, stored.Count, _root);
        HashSet<long> existing = [.. _content.List().Numbers];
        HashSet<long> missing = [.. stored.Where(number => !existing.Contains(number))];
        foreach (var snapshot in Store.ReadAll())
        {
            stopping.ThrowIfCancellationRequested();
            if (missing.Contains(snapshot.Number) || IsLost(snapshot))
                ReportIfStored(snapshot.Number);
        }
    }

    private void ReportIfStored(long number)
    {
        if (Store.Find(number) is { } snapshot)
            StoredSnapshotterLog.Lost(_logger, snapshot.Info.Kind, snapshot.Info.Name, number);
    }

    private bool IsLost(StoredSnapshot snapshot)
    {
        try
        {
            return _content.IsLost(snapshot);
        }
        catch (Exception exception)
        {
            StoredSnapshotterLog.CannotLook(_logger, snapshot.Number, exception);
            return false;
        }
    }
}
