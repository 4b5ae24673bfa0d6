using System.Net.Sockets;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>
/// One end of a connection between keeper and plugin. A message is one byte, the <see cref="KeeperWord"/>, then the state; a
/// descriptor may come with it.
/// </summary>
internal static class KeeperSocket
{
    /// <summary>The longest state, in bytes.</summary>
    public const int MaxState = 4096;

    private const int SocketOptions = 1, PeerCredentials = 17; // SOL_SOCKET, SO_PEERCRED
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes a socket that keeps messages apart, and waits ten seconds at most.</summary>
    public static Socket Open() => new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    /// <summary>Bounds the waiting of a connected socket.</summary>
    public static Socket Bound(Socket socket)
    {
        socket.Blocking = true;
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
        return socket;
    }

    /// <summary>Whether the other end is a process of the same user.</summary>
    public static bool IsOwn(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12]; // struct ucred: process, user, group
        return socket.GetRawSocketOption(SocketOptions, PeerCredentials, credentials) == credentials.Length
            && BitConverter.ToUInt32(credentials[4..]) == Linux.CurrentOwner.User;
    }

    /// <exception cref="IOException">The other end is gone, or does not take the message.</exception>
    public static void Send(Socket socket, KeeperWord word, ReadOnlySpan<byte> state = default, SafeFileHandle? device = null)
    {
        if (state.Length > MaxState)
            throw new ArgumentException($"the state has {state.Length} bytes, and {MaxState} are possible", nameof(state));

        var error = Linux.SendMessage(socket.SafeHandle, [(byte)word, .. state], device);
        if (error != 0)
            throw Linux.Failed(error, "cannot send to the other end of the keeper's socket");
    }

    /// <exception cref="IOException">The other end is gone, is silent, or sent a message that is too long.</exception>
    public static KeeperMessage Receive(Socket socket)
    {
        Span<byte> buffer = stackalloc byte[1 + MaxState];
        var error = Linux.ReceiveMessage(socket.SafeHandle, buffer, out var length, out var device);
        if (error != 0)
            throw Linux.Failed(error, "cannot receive from the other end of the keeper's socket");
        if (length > 0)
            return new((KeeperWord)buffer[0], buffer[1..length].ToArray(), device);

        device?.Dispose();
        throw new IOException("the other end of the keeper's socket has closed it");
    }
}

/// <summary>What a message says.</summary>
internal enum KeeperWord : byte
{
    /// <summary>Asks for what is kept.</summary>
    Take = 1,

    /// <summary>Gives a descriptor and a state in the place of what is kept.</summary>
    Keep = 2,

    /// <summary>Nothing is mounted any more: the keeper ends.</summary>
    End = 3,

    /// <summary>Yes; what is kept comes with it.</summary>
    Yes = 10,

    /// <summary>Nothing is kept, or the message was not understood.</summary>
    No = 11,
}

/// <summary>A message.</summary>
internal sealed record KeeperMessage(KeeperWord Word, byte[] State, SafeFileHandle? Device) : IDisposable
{
    public void Dispose() => Device?.Dispose();
}
