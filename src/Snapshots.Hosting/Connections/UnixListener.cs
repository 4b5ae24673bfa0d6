using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>Accepts the connections that the gate admits.</summary>
internal sealed class UnixListener(Socket socket, EndPoint endpoint, PeerGate peers, MemoryPool<byte> memory, ILogger logger) : IConnectionListener
{
    // Time for descriptors or threads to become available.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // More connections must leave threads for the calls.
    private const int FewConnections = 4;

    private readonly LogBudget _failures = new();

    public EndPoint EndPoint => endpoint;

    /// <returns>The next connection; null after the listener was closed.</returns>
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

    /// <summary>Stops listening. Open connections stay.</summary>
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
            if (peers.Open > FewConnections && !ThreadProbe.CanStart(1))
                throw new IOException("the limit of threads is near: raise it (TasksMax= in the systemd unit, pids.max of the cgroup, ulimit -u), or lower --max-connections");

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
