using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>
/// Admits processes of root, of the server's own user and of the users that the operator allows, up to the limit of open
/// connections. Other connections are closed before HTTP/2 reads a byte.
/// </summary>
internal sealed class PeerGate
{
    private readonly HashSet<uint> _allowed = [Accounts.Root];
    private readonly int _maxConnections;
    private readonly LogBudget _strangers = new(), _tooMany = new();
    private int _open;

    /// <param name="users">Further users, by name or number.</param>
    /// <param name="maxConnections">The maximum number of open connections.</param>
    /// <exception cref="SetupException">A user does not exist, or stands for all users of other user namespaces.</exception>
    public PeerGate(IEnumerable<string> users, int maxConnections)
    {
        _maxConnections = maxConnections;
        if (Accounts.Own != PeerCredentials.Overflow)
            _allowed.Add(Accounts.Own);

        foreach (var user in users)
        {
            var uid = Accounts.FindUser(user);
            if (uid == PeerCredentials.Overflow)
                throw new SetupException($"the user {user} cannot be allowed to connect: {uid} stands for every user of other user namespaces");

            _allowed.Add(uid);
        }
    }

    /// <summary>The number of open connections.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Returns a place for a peer. Logs the reason and returns null if the peer may not connect or the limit is reached.</summary>
    public PeerAdmission? Admit(Socket connection, ILogger logger)
    {
        var peer = PeerCredentials.Of(connection);
        if (peer is null || !_allowed.Contains(peer.Uid))
        {
            if (_strangers.TryTake(out var leftOut))
                HostLog.Refused(logger, peer?.ToString() ?? "an unknown peer", leftOut);

            return null;
        }

        if (Interlocked.Increment(ref _open) <= _maxConnections)
            return new(this, peer);

        Leave();
        if (_tooMany.TryTake(out var more))
            HostLog.TooMany(logger, peer.ToString(), _maxConnections, more);

        return null;
    }

    /// <summary>Releases the place of a connection that has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);
}

/// <summary>A place among the open connections, released when it is disposed.</summary>
/// <param name="gate">The gate that gave the place.</param>
/// <param name="peer">The peer that has it.</param>
internal sealed class PeerAdmission(PeerGate gate, PeerCredentials peer) : IDisposable
{
    public PeerCredentials Peer => peer;

    public void Dispose() => gate.Leave();
}
