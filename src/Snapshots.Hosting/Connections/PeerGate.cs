using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Sockets;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Connections;

/// <summary>
/// Lets in the processes of root, of the server's own user and of those users that the operator allows, and no more of them
/// than there may be, before HTTP/2 sees a byte; other connections are closed.
/// </summary>
internal sealed class PeerGate
{
    private readonly HashSet<uint> _allowed = [Accounts.Root];
    private readonly int _maxConnections;
    private readonly LogBudget _strangers = new(), _tooMany = new();
    private int _open;

    /// <param name="users">Further users, by name or number.</param>
    /// <param name="maxConnections">How many connections may be open at once.</param>
    /// <exception cref="SetupException">There is no such user, or it stands for all users of other user namespaces.</exception>
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

    /// <summary>How many connections are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Gives a peer a place, if he may connect and there is one; else tells of it in the log.</summary>
    public PeerAdmission? Admit(Socket connection, ILogger logger)
    {
        var peer = PeerCredentials.Of(connection);
        if (peer is null || !_allowed.Contains(peer.Uid))
        {
            if (_strangers.TryTake(out var leftOut))
                HostLog.Refused(logger, peer?.ToString() ?? "a peer that the kernel does not name", leftOut);

            return null;
        }

        if (Interlocked.Increment(ref _open) <= _maxConnections)
            return new(this, peer);

        Leave();
        if (_tooMany.TryTake(out var more))
            HostLog.TooMany(logger, peer.ToString(), _maxConnections, more);

        return null;
    }

    /// <summary>A connection has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);
}

/// <summary>A place among the connections that may be open at once, until it is disposed.</summary>
/// <param name="gate">Where it is from.</param>
/// <param name="peer">Who has it.</param>
internal sealed class PeerAdmission(PeerGate gate, PeerCredentials peer) : IDisposable
{
    public PeerCredentials Peer => peer;

    public void Dispose() => gate.Leave();
}
