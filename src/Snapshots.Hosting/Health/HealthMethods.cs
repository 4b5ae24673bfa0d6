using System.Diagnostics;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace Containerd.Snapshots.Hosting.Health;

/// <summary>The methods and messages of the service <c>grpc.health.v1.Health</c>.</summary>
internal static class HealthMethods
{
    private const string Service = "grpc.health.v1.Health";

    private const int StatusField = 1; // Of the response.

    private static readonly Marshaller<string> Request = new(static (_, _) => throw new UnreachableException(), Read);
    private static readonly Marshaller<HealthStatus> Response = new(Write, static _ => throw new UnreachableException());

    /// <summary>Returns the status of the service with a given name.</summary>
    public static Method<string, HealthStatus> Check { get; } = new(MethodType.Unary, Service, "Check", Request, Response);

    /// <summary>Returns the status, and again after each change.</summary>
    public static Method<string, HealthStatus> Watch { get; } = new(MethodType.ServerStreaming, Service, "Watch", Request, Response);

    private static string Read(DeserializationContext request)
    {
        var message = new HealthRequest();
        return message.TryRead(request.PayloadAsReadOnlySequence(), out var flaw)
            ? message.Service
            : throw new RpcException(new(StatusCode.InvalidArgument, flaw));
    }

    private static void Write(HealthStatus status, SerializationContext response)
    {
        using var output = new WireWriter();
        output.Number(StatusField, status.Number);
        WirePayload.Write(output.Written, response);
    }
}

/// <summary>A service's status; the numbers are those of the protocol.</summary>
internal sealed record HealthStatus(int Number)
{
    public static readonly HealthStatus Unknown = new(0), Serving = new(1), NotServing = new(2), ServiceUnknown = new(3);
}

/// <summary>The request of both methods: the name of a service.</summary>
internal sealed class HealthRequest : WireMessage
{
    private const uint ServiceTag = (1 << 3) | Bytes;

    public string Service { get; private set; } = "";

    public override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == ServiceTag)
            Service = input.ReadString();
        else
            Skip(tag, ref input);
    }
}
