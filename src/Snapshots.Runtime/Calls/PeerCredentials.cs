using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>Who is at the other end of a Unix socket, as the kernel knows it from when it connected.</summary>
/// <param name="Pid">The process, or 0 if it is not to be seen from here: it is of another pid namespace.</param>
/// <param name="Uid">The user, or <see cref="Overflow"/> if he is not to be seen from here: he is of another user namespace.</param>
internal sealed record PeerCredentials(int Pid, uint Uid)
{
    // From <asm-generic/socket.h>; struct ucred is pid, uid and gid, 32 bits each.
    private const int SolSocket = 1, SoPeerCred = 17, PidAt = 0, UidAt = 1, UcredLength = 3;

    private const uint DefaultOverflow = 65534;

    /// <summary>The number that stands for all users who have none in this user namespace.</summary>
    public static uint Overflow { get; } = ReadOverflow();

    /// <summary>Asks the kernel who is at the other end of a connection.</summary>
    /// <returns>Null if it is not a Unix socket's.</returns>
    public static PeerCredentials? Of(IFeatureCollection connection) =>
        connection.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket ? Of(socket) : null;

    /// <summary>Asks the kernel who is at the other end of a Unix socket.</summary>
    /// <returns>Null if it does not say.</returns>
    public static PeerCredentials? Of(Socket socket)
    {
        Span<uint> ucred = stackalloc uint[UcredLength];
        var bytes = MemoryMarshal.AsBytes(ucred);
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, bytes) == bytes.Length ? new((int)ucred[PidAt], ucred[UidAt]) : null;
    }

    public override string ToString() =>
        $"{(Pid == 0 ? "a process of another pid namespace" : $"process {Pid}")} of {(Uid == Overflow ? $"user {Uid} (nobody, or one of another user namespace)" : $"user {Uid}")}";

    private static uint ReadOverflow()
    {
        try
        {
            return uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return DefaultOverflow;
        }
    }
}
