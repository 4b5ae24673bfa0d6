using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

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

    /// <summary>Puts the gate before a connection's protocol.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next, ILogger logger) => connection =>
    {
        var peer = PeerCredentials.Of(connection.Features);
        if (peer is null || !_allowed.Contains(peer.Uid))
        {
            if (_strangers.TryTake(out var leftOut))
                HostLog.Refused(logger, peer?.ToString() ?? "a peer that the kernel does not name", leftOut);

            return Task.CompletedTask;
        }

        connection.Features.Set(peer);
        return AdmitAsync(next, connection, peer, logger);
    };

    private async Task AdmitAsync(ConnectionDelegate next, ConnectionContext connection, PeerCredentials peer, ILogger logger)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= _maxConnections)
                await next(connection).ConfigureAwait(false);
            else if (_tooMany.TryTake(out var leftOut))
                HostLog.TooMany(logger, peer.ToString(), _maxConnections, leftOut);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
