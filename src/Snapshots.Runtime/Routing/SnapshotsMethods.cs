using System.Buffers;
using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Grpc.Core;

namespace Containerd.Snapshots;

/// <summary>
/// The methods of containerd's service, as the gRPC layer binds them. A call is its own request and its own response: it is
/// read off the one and writes the other, with no message in between. All have the same types, since what the gRPC layer
/// makes for each pair of types, it makes while a program starts.
/// </summary>
internal static class SnapshotsMethods
{
    public const string Service = "containerd.services.snapshots.v1.Snapshots";

    private static readonly Marshaller<SnapshotCall> Response = new(Write, static _ => throw new UnreachableException());
    private static readonly Marshaller<InfoBatch> Infos = new(Write, static _ => throw new UnreachableException());

    /// <summary>The methods with one message as the answer.</summary>
    public static IEnumerable<Method<SnapshotCall, SnapshotCall>> Unary { get; } =
    [
        Answering("Stat", static () => new StatCall()),
        Answering("Update", static () => new UpdateCall()),
        Answering("Usage", static () => new UsageCall()),
        Answering("Mounts", static () => new MountsCall()),
        Answering("Prepare", static () => new PrepareCall()),
        Answering("View", static () => new ViewCall()),
        Answering("Commit", static () => new CommitCall()),
        Answering("Remove", static () => new RemoveCall()),
        Answering("Cleanup", static () => new CleanupCall()),
    ];

    /// <summary>The method whose answer is a stream of infos.</summary>
    public static Method<SnapshotCall, InfoBatch> List { get; } =
        new(MethodType.ServerStreaming, Service, "List", Request(static () => new WalkCall()), Infos);

    private static Method<SnapshotCall, SnapshotCall> Answering(string name, Func<SnapshotCall> create) =>
        new(MethodType.Unary, Service, name, Request(create), Response);

    private static Marshaller<SnapshotCall> Request(Func<SnapshotCall> create) =>
        new(static (_, _) => throw new UnreachableException(), context => Read(create(), context.PayloadAsReadOnlySequence()));

    private static SnapshotCall Read(SnapshotCall call, in ReadOnlySequence<byte> request)
    {
        call.Read(request.IsSingleSegment ? request.FirstSpan : request.ToArray());
        return call;
    }

    private static void Write(SnapshotCall call, SerializationContext context)
    {
        using var output = new WireWriter();
        call.Write(output);
        Write(output.Written, context);
    }

    private static void Write(InfoBatch batch, SerializationContext context) => Write(batch.Message, context);

    private static void Write(ReadOnlySpan<byte> message, SerializationContext context)
    {
        context.SetPayloadLength(message.Length);
        var output = context.GetBufferWriter();
        while (!message.IsEmpty)
        {
            // At least a byte, or Kestrel gives none of a stream whose client is gone.
            var space = output.GetSpan(sizeHint: 1);
            var length = Math.Min(space.Length, message.Length);
            message[..length].CopyTo(space);
            output.Advance(length);
            message = message[length..];
        }

        context.Complete();
    }
}
