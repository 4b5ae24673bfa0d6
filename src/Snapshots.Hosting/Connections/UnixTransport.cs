using System.Buffers;
using System.Net;
using Containerd.Snapshots.Hosting.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>
/// Kestrel's transport: a Unix socket, with a thread for each connection that waits for data from its client. In Kestrel's own
/// transport, one thread waits for all connections: it wakes twice for each call, since it is also notified of data that was
/// already read, and each time continues on another thread.
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
