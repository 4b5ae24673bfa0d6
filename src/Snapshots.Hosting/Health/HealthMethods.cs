using System.Diagnostics;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Hosting.Health;

/// <summary>The service <c>grpc.health.v1.Health</c>, as the gRPC layer binds it.</summary>
internal static class HealthMethods
{
    private const string Service = "grpc.health.v1.Health";

    private const int ServiceField = 1; // Of the request.
    private const int StatusField = 1; // Of the response.

    private static readonly Marshaller<string> Request = new(static (_, _) => throw new UnreachableException(), Read);
    private static readonly Marshaller<HealthStatus> Response = new(Write, static _ => throw new UnreachableException());

    /// <summary>From the name of a service to how it does.</summary>
    public static Method<string, HealthStatus> Check { get; } = new(MethodType.Unary, Service, "Check", Request, Response);

    /// <summary>The same, and again each time that it changes.</summary>
    public static Method<string, HealthStatus> Watch { get; } = new(MethodType.ServerStreaming, Service, "Watch", Request, Response);

    private static string Read(DeserializationContext request)
    {
        using var payload = WirePayload.Of(request);
        try
        {
            var service = "";
            var reader = new WireReader(payload.Bytes);
            while (reader.MoveNext())
            {
                if (reader.IsBytes(ServiceField))
                    service = reader.ReadText();
                else
                    reader.Skip();
            }

            return service;
        }
        catch (WireFormatException exception)
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
