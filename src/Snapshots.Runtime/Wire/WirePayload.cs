using System.Buffers;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>A request's bytes in one piece: where they have come in several, in a rented one.</summary>
internal readonly ref struct WirePayload : IDisposable
{
    private readonly byte[]? _rented;

    private WirePayload(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            Bytes = bytes.FirstSpan;
            return;
        }

        var length = checked((int)bytes.Length);
        _rented = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(_rented);
        Bytes = _rented.AsSpan(0, length);
    }

    /// <summary>The bytes, until this is disposed.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public static WirePayload Of(DeserializationContext request) => new(request.PayloadAsReadOnlySequence());

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

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
