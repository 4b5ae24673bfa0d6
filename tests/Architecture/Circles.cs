namespace Containerd.Snapshots.Tests.Architecture;

/// <summary>A folder that uses another one.</summary>
/// <param name="From">The folder.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Example">One place where it is.</param>
internal sealed record Use(string From, string To, string Example);

/// <summary>Folders that use each other, directly or through others.</summary>
internal static class Circles
{
    /// <summary>The circles, each with its folders and an example of each use among them.</summary>
    public static string[] In(IReadOnlyCollection<Use> uses)
    {
        var reachable = uses.Select(use => use.From).Distinct().ToDictionary(folder => folder, folder => Reachable(folder, uses));
        return
        [
            .. reachable.Where(folder => folder.Value.Contains(folder.Key))
                .Select(folder => reachable.Keys.Where(other => folder.Value.Contains(other) && reachable[other].Contains(folder.Key)).Order(StringComparer.Ordinal).ToList())
                .DistinctBy(circle => string.Join(", ", circle))
                .Select(circle => $"{string.Join(", ", circle)}: {string.Join("; ", uses.Where(use => circle.Contains(use.From) && circle.Contains(use.To)).Select(use => use.Example))}"),
        ];
    }

    private static HashSet<string> Reachable(string folder, IReadOnlyCollection<Use> uses)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([folder]);
        while (open.TryPop(out var each))
        {
            foreach (var use in uses.Where(use => use.From == each))
            {
                if (reached.Add(use.To))
                    open.Push(use.To);
            }
        }

        return reached;
    }
}
