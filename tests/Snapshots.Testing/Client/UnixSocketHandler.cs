using System.Net.Sockets;

namespace Containerd.Snapshots.Tests.Client;

/// <summary>HTTP over a Unix socket.</summary>
public static class UnixSocketHandler
{
    public static SocketsHttpHandler To(string socketPath) => new()
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
