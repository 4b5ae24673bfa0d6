using System.Buffers.Binary;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>Reads a <see cref="SnapshotContext"/> off a gRPC call, for the methods that ask for one.</summary>
internal static class CallContext
{
    private const string Namespace = "containerd-namespace", Lease = "containerd-lease";

    // From <asm-generic/socket.h>; struct ucred is pid, uid and gid, 32 bits each.
    private const int SolSocket = 1, SoPeerCred = 17, UcredLength = 12, UcredUid = 4;

    public static SnapshotContext Read(ServerCallContext grpc, string snapshotter) => new()
    {
        Snapshotter = snapshotter,
        Namespace = grpc.RequestHeaders.GetValue(Namespace),
        Lease = grpc.RequestHeaders.GetValue(Lease),
        Deadline = grpc.Deadline == DateTime.MaxValue ? null : new DateTimeOffset(grpc.Deadline.ToUniversalTime()),
        PeerUid = PeerUid(grpc),
    };

    private static uint? PeerUid(ServerCallContext grpc)
    {
        if (grpc.GetHttpContext().Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
            return null;

        Span<byte> credentials = stackalloc byte[UcredLength];
        var length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        if (length < UcredLength)
            return null;

        var uid = credentials[UcredUid..];
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(uid) : BinaryPrimitives.ReadUInt32BigEndian(uid);
    }
}
