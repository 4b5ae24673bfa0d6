using System.Diagnostics;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace Containerd.Snapshots.Hosting.Health;

/// <summary>The service <c>grpc.health.v1.Health</c>, as the gRPC layer binds it.</summary>
internal static class HealthMethods
{
    private const string Service = "grpc.health.v1.Health";

    private const int StatusField = 1; // Of the response.

    private static readonly Marshaller<string> Request = new(static (_, _) => throw new UnreachableException(), Read);
    private static readonly Marshaller<HealthStatus> Response = new(Write, static _ => throw new UnreachableException());

    /// <summary>From the name of a service to how it does.</summary>
    public static Method<string, HealthStatus> Check { get; } = new(MethodType.Unary, Service, "Check", Request, Response);

    /// <summary>The same, and again each time that it changes.</summary>
    public static Method<string, HealthStatus> Watch { get; } = new(MethodType.ServerStreaming, Service, "Watch", Request, Response);

    private static string Read(DeserializationContext request)
    {
        var message = new HealthRequest();
        try
        {
            message.MergeFrom(request.PayloadAsReadOnlySequence());
            return message.Service;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or WireFormatException)
        {
            throw new RpcException(new(StatusCode.InvalidArgument, exception.Message));
        }
    }

    private static void Write(HealthStatus status, SerializationContext response)
    {
        using var output = new WireWriter();
        output.Number(StatusField, status.Number);
        WirePayload.Write(output.Written, response);
    }
}

/// <summary>How a service does; the numbers are the wire's.</summary>
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
