using System.Net.Sockets;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>Connects a socket to the server.</summary>
internal static class RawSocket
{
    public static async Task<Socket> ConnectAsync(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
