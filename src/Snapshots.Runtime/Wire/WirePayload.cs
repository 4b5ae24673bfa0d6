using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>The response of the gRPC layer, as a place for a message.</summary>
internal static class WirePayload
{
    /// <summary>Writes a message as a response.</summary>
    public static void Write(ReadOnlySpan<byte> message, SerializationContext response)
    {
        response.SetPayloadLength(message.Length);
        var output = response.GetBufferWriter();
        while (!message.IsEmpty)
        {
            // At least a byte, or Kestrel gives none of a stream whose client is gone.
            var space = output.GetSpan(sizeHint: 1);
            var length = Math.Min(space.Length, message.Length);
            message[..length].CopyTo(space);
            output.Advance(length);
            message = message[length..];
        }

        response.Complete();
    }
}
