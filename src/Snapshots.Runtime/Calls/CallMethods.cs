using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// The methods of containerd's service, for the gRPC layer. A call object reads its own request and writes its own
/// response, without message objects in between. All methods have the same types, because the gRPC layer generates
/// code for each pair of types at startup.
/// </summary>
internal static class CallMethods
{
    public const string Service = "containerd.services.snapshots.v1.Snapshots";

    private static readonly Marshaller<SnapshotCall> Response = new(Write, static _ => throw new UnreachableException());
    private static readonly Marshaller<InfoBatch> Infos = new(Write, static _ => throw new UnreachableException());

    /// <summary>The methods that answer with one message.</summary>
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

    /// <summary>The method that answers with a stream of infos.</summary>
    public static Method<SnapshotCall, InfoBatch> List { get; } =
        new(MethodType.ServerStreaming, Service, "List", Request(static () => new WalkCall()), Infos);

    private static Method<SnapshotCall, SnapshotCall> Answering(string name, Func<SnapshotCall> create) =>
        new(MethodType.Unary, Service, name, Request(create), Response);

    private static Marshaller<SnapshotCall> Request(Func<SnapshotCall> create) =>
        new(static (_, _) => throw new UnreachableException(), context => Read(create(), context));

    private static SnapshotCall Read(SnapshotCall call, DeserializationContext request)
    {
        call.Read(request.PayloadAsReadOnlySequence());
        return call;
    }

    private static void Write(SnapshotCall call, SerializationContext response)
    {
        using var output = new WireWriter();
        call.Write(output);
        WirePayload.Write(output.Written, response);
    }

    private static void Write(InfoBatch batch, SerializationContext response) => WirePayload.Write(batch.Message, response);
}

/// <summary>A method of containerd's service.</summary>
/// <param name="Name">The name in that service: <c>List</c>, not <c>Walk</c>.</param>
/// <param name="FullName">The service and the name, separated by a slash.</param>
/// <param name="IsStreaming">Whether it answers with a stream of messages.</param>
internal sealed record CallMethod(string Name, string FullName, bool IsStreaming)
{
    public static CallMethod Of(IMethod method) => new(method.Name, $"{method.ServiceName}/{method.Name}", method.Type != MethodType.Unary);
}
