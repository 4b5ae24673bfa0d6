using System.Buffers;
using System.Net;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>
/// How Kestrel gets its connections: by a Unix socket, with a thread for each that waits for what its client sends. Those
/// of Kestrel's own transport share one that waits for all of them; it is woken twice for each call, since it is told of
/// what was read as well, and each time hands over to yet another thread.
/// </summary>
internal sealed class UnixTransport(IServerSocket socket, PeerGate peers, IMemoryPoolFactory<byte> pools, ILogger<UnixTransport> logger) : IConnectionListenerFactory
{
    private const int Backlog = 512;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listening = socket.Bind();
        listening.Listen(Backlog);
        return new(new UnixListener(listening, endpoint, peers, pools.Create(), logger));
    }
}
