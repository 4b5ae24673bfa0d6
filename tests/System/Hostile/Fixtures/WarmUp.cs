using Containerd.Snapshots.Tests.Hostile.Inputs;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>Warms up a server: threads, pools and buffers exist, and every path has run.</summary>
internal static class WarmUp
{
    private const int Lanes = 4, Inputs = 250, Seed = 1;

    public static async Task RunAsync(Server server)
    {
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            await using var sender = new Lane(server.SocketPath);
            var source = new InputSource(Seed + lane);
            foreach (var numbers in Enumerable.Range(0, Inputs).Chunk(32))
                await sender.SendAsync([.. numbers.Select(number => source[number])]);
        }));
        await server.SweepAsync();
    }
}
