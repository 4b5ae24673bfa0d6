using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>The process at the other end of a Unix socket. The kernel records it when the connection is made.</summary>
/// <param name="Pid">The process id, or 0 if the process belongs to another pid namespace.</param>
/// <param name="Uid">The user id, or <see cref="Overflow"/> if the user belongs to another user namespace.</param>
internal sealed record PeerCredentials(int Pid, uint Uid)
{
    // From <asm-generic/socket.h>; struct ucred is pid, uid and gid, 32 bits each.
    private const int SolSocket = 1, SoPeerCred = 17, PidAt = 0, UidAt = 1, UcredLength = 3;

    private const uint DefaultOverflow = 65534;

    /// <summary>The id that the kernel reports for all users without an id in this user namespace.</summary>
    public static uint Overflow { get; } = ReadOverflow();

    /// <summary>Reads the credentials of a connection's peer from the kernel.</summary>
    /// <returns>Null if the connection is not a Unix socket.</returns>
    public static PeerCredentials? Of(IFeatureCollection connection) =>
        connection.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket ? Of(socket) : null;

    /// <summary>Reads the credentials of a Unix socket's peer from the kernel.</summary>
    /// <returns>Null if the kernel reports none.</returns>
    public static PeerCredentials? Of(Socket socket)
    {
        Span<uint> ucred = stackalloc uint[UcredLength];
        var bytes = MemoryMarshal.AsBytes(ucred);
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, bytes) == bytes.Length ? new((int)ucred[PidAt], ucred[UidAt]) : null;
    }

    public override string ToString() =>
        $"{(Pid == 0 ? "a process of another pid namespace" : $"process {Pid}")} of {(Uid == Overflow ? $"user {Uid} (nobody, or a user of another user namespace)" : $"user {Uid}")}";

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
