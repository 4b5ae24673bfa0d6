using Containerd.Snapshots.Wire;
using Grpc.Net.Client;

namespace Containerd.Snapshots.Tests.Client;

/// <summary>A gRPC client of containerd's snapshots service on a Unix socket.</summary>
public sealed class SnapshotsClient : IDisposable
{
    private const int MaxMessageBytes = 16 << 20;

    public SnapshotsClient(string socketPath)
    {
        Channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = UnixSocketHandler.To(socketPath),
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
