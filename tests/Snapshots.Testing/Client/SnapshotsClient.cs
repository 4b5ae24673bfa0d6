using System.Net.Sockets;
using Containerd.Snapshots.Wire;
using Grpc.Net.Client;

namespace Containerd.Snapshots.Tests.Client;

/// <summary>A gRPC client of containerd's snapshots service on a Unix socket.</summary>
public sealed class SnapshotsClient : IDisposable
{
    private const int MaxMessageBytes = 16 << 20;

    private readonly GrpcChannel _channel;

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

        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
        });
        Calls = new Wire.Snapshots.SnapshotsClient(_channel);
    }

    /// <summary>The calls, as containerd makes them.</summary>
    public Wire.Snapshots.SnapshotsClient Calls { get; }

    public void Dispose() => _channel.Dispose();
}
