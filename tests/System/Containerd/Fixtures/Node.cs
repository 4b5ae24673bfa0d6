namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>A box with the snapshotter and a containerd, both empty at first.</summary>
internal sealed class Node : IAsyncDisposable
{
    private Node(Box box, PublishedSample sample)
    {
        Box = box;
        Snapshotter = new Snapshotter(box, sample);
    }

    public Box Box { get; }

    public Snapshotter Snapshotter { get; }

    public PrivateContainerd Containerd { get; private set; } = null!;

    public string Logs => $"-- the snapshotter --\n{Snapshotter.Log}\n-- containerd --\n{Containerd?.Log}";

    public static async Task<Node> StartAsync(PublishedSample sample)
    {
        var node = new Node(await Box.OpenAsync(), sample);
        try
        {
            await node.Snapshotter.StartAsync();
            node.Containerd = await PrivateContainerd.StartAsync(node.Box, node.Snapshotter.Socket);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    // The box ends everything in it, even if an earlier step fails.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using (Snapshotter)
            await using (Containerd)
            {
            }
        }
        finally
        {
            await Box.DisposeAsync();
        }
    }
}
