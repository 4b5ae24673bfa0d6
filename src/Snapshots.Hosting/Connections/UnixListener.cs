using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Runtime.Insight;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Takes the connections of those that the gate lets in.</summary>
internal sealed class UnixListener(Socket socket, EndPoint endpoint, PeerGate peers, MemoryPool<byte> memory, ILogger logger) : IConnectionListener
{
    // Until there are descriptors or threads again, say.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LogBudget _failures = new();

    public EndPoint EndPoint => endpoint;

    /// <returns>Null once nothing is accepted any more.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (Admit(accepted) is { } connection)
                    return connection;
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (_failures.TryTake(out var leftOut))
                    HostLog.CannotAccept(logger, exception, leftOut);

                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Listens no more; connections stay.</summary>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        memory.Dispose();
        return default;
    }

    private UnixConnection? Admit(Socket accepted)
    {
        PeerAdmission? admission = null;
        try
        {
            admission = peers.Admit(accepted, logger);
            if (admission is not null)
                return UnixConnection.Begin(accepted, admission, memory);
        }
        catch
        {
            admission?.Dispose();
            accepted.Dispose();
            throw;
        }

        accepted.Dispose();
        return null;
    }
}
