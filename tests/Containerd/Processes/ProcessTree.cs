namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Looks into /proc.</summary>
internal static class ProcessTree
{
    /// <summary>The first child of a process, as soon as it has one.</summary>
    public static async Task<int> FirstChildAsync(int parent)
    {
        var children = "";
        await Wait.UntilAsync($"process {parent} starts another", () =>
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
        });
        return int.Parse(children.Split(' ')[0]);
    }
}
