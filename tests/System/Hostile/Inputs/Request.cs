using System.Buffers.Binary;
using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>The parts of a gRPC request.</summary>
internal static class Request
{
    public const string Service = "/containerd.services.snapshots.v1.Snapshots/";

    /// <summary>The headers of a valid call.</summary>
    public static HeaderBlock Head(string method) => PseudoHeaders(Service + method)
        .Add("content-type", "application/grpc")
        .Add("te", "trailers")
        .Add("containerd-namespace", "k8s.io");

    /// <summary>The pseudo-headers of a call.</summary>
    public static HeaderBlock PseudoHeaders(string path) => new HeaderBlock()
        .Add(":method", "POST")
        .Add(":scheme", "http")
        .Add(":path", path)
        .Add(":authority", "localhost");

    /// <summary>A message as gRPC sends it: a flag, the length, the message.</summary>
    /// <param name="length">A length to claim; null: the true one.</param>
    public static byte[] Body(byte[] message, byte flag = 0, uint? length = null)
    {
        var body = new byte[5 + message.Length];
        body[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(body, 5);
        return body;
    }
}
