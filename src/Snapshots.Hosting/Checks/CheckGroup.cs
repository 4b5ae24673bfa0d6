using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Checks with a common label.</summary>
/// <param name="Name">The label: what is checked.</param>
/// <param name="Checks">Runs the checks.</param>
internal sealed record CheckGroup(string Name, Func<IEnumerable<SnapshotterCheckResult>> Checks)
{
    /// <summary>Runs the checks. An exception ends them and becomes a result of level <c>wrong</c>.</summary>
    public IReadOnlyList<SnapshotterCheckResult> Run()
    {
        var results = new List<SnapshotterCheckResult>();
        try
        {
            results.AddRange(Checks());
        }
        catch (Exception exception) when (exception is SetupException or SnapshotterException)
        {
            results.Add(SnapshotterCheckResult.Wrong(exception.Message, ""));
        }
        catch (Exception exception)
        {
            results.Add(SnapshotterCheckResult.Wrong($"the check failed: {exception.Message}", ""));
        }

        return results;
    }
}
