using System.Net.Sockets;
using Containerd.Snapshots.Wire;
using Grpc.Net.Client;

namespace Containerd.Snapshots.Tests.Client;

/// <summary>A gRPC client of containerd's snapshots service on a Unix socket.</summary>
public sealed class SnapshotsClient : IDisposable
{
    private const int MaxMessageBytes = 16 << 20;

    public SnapshotsClient(string socketPath)
    {
        var handler = new SocketsHttpHandler
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

        Channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
        });
        Calls = new Wire.Snapshots.SnapshotsClient(Channel);
    }

    /// <summary>The connection, for other services on it.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>The calls, as containerd makes them.</summary>
    public Wire.Snapshots.SnapshotsClient Calls { get; }

    public void Dispose() => Channel.Dispose();
}
