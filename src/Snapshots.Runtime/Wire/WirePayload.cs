using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>Writes messages to the gRPC layer's responses.</summary>
internal static class WirePayload
{
    /// <summary>Writes a message as a response.</summary>
    public static void Write(ReadOnlySpan<byte> message, SerializationContext response)
    {
        response.SetPayloadLength(message.Length);
        var output = response.GetBufferWriter();
        while (!message.IsEmpty)
        {
            // With a hint of 0, Kestrel returns an empty span if the client is gone.
            var space = output.GetSpan(sizeHint: 1);
            var length = Math.Min(space.Length, message.Length);
            message[..length].CopyTo(space);
            output.Advance(length);
            message = message[length..];
        }

        response.Complete();
    }
}
