using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Checks under one name.</summary>
/// <param name="Name">What they look at.</param>
/// <param name="Checks">Looks.</param>
internal sealed record CheckGroup(string Name, Func<IEnumerable<SnapshotterCheckResult>> Checks)
{
    /// <summary>Looks; what keeps a check from its end is wrong, too.</summary>
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
            results.Add(SnapshotterCheckResult.Wrong($"cannot look further: {exception.Message}", ""));
        }

        return results;
    }
}
