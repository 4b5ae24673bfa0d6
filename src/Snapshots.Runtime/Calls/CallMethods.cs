using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// The methods of containerd's service, as the gRPC layer binds them. A call is its own request and its own response: it is
/// read off the one and writes the other, with no message in between. All have the same types, since what the gRPC layer
/// makes for each pair of types, it makes while a program starts.
/// </summary>
internal static class CallMethods
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
        new(static (_, _) => throw new UnreachableException(), context => Read(create(), context));

    private static SnapshotCall Read(SnapshotCall call, DeserializationContext request)
    {
        using var payload = WirePayload.Of(request);
        call.Read(payload.Bytes);
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
/// <param name="Name">Its name there: <c>List</c>, not <c>Walk</c>.</param>
/// <param name="FullName">The service and the name, separated by a slash.</param>
/// <param name="IsStreaming">Whether its answer is a stream of messages.</param>
internal sealed record CallMethod(string Name, string FullName, bool IsStreaming)
{
    public static CallMethod Of(IMethod method) => new(method.Name, $"{method.ServiceName}/{method.Name}", method.Type != MethodType.Unary);
}
