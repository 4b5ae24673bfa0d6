using System.Globalization;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>Finds processes in /proc.</summary>
public static class ProcessTree
{
    /// <summary>Waits for the first child of a process.</summary>
    public static async Task<int> FirstChildAsync(int parent)
    {
        var children = "";
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    children = File.ReadAllText($"/proc/{parent}/task/{parent}/children");
                }
                catch (IOException)
                {
                    throw new AssertionException($"Process {parent} ended before it started another.");
                }

                return children.Length > 0;
            },
            $"process {parent} starts another");
        return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
