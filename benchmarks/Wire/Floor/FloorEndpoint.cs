using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Answers calls: turns a path and bytes into bytes and a status.</summary>
internal sealed class FloorEndpoint(int count)
{
    private const string Service = "/containerd.services.snapshots.v1.Snapshots/";
    private const string Status = "grpc-status", Message = "grpc-message";
    private const string Success = "0", AlreadyExists = "6";

    private readonly byte[][] _list = CannedMessages.List(count);

    public async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "application/grpc";
        var path = context.Request.Path.Value;
        var body = context.Request.BodyReader;
        var request = await ReadAsync(body);

        if (path == Service + "Prepare" && KeyOf(request).SequenceEqual("exists"u8))
            Fail(response);
        else
            await SucceedAsync(response, path, request);

        body.AdvanceTo(request.End);
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(PipeReader body)
    {
        while (true)
        {
            var result = await body.ReadAsync();
            if (result.IsCompleted)
                return result.Buffer;

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    // Without a body, the status is in the response's only headers.
    private static void Fail(HttpResponse response)
    {
        response.Headers[Status] = AlreadyExists;
        response.Headers[Message] = "snapshot \"exists\": already exists";
    }

    private async ValueTask SucceedAsync(HttpResponse response, string? path, ReadOnlySequence<byte> request)
    {
        await response.StartAsync(); // Before this, Kestrel returns memory that it copies later.
        var output = response.BodyWriter;
        switch (path)
        {
            case Service + "Stat":
                CannedMessages.WriteInfo(output, KeyOf(request));
                break;
            case Service + "Prepare" or Service + "View" or Service + "Mounts":
                output.Write(CannedMessages.Mounts);
                break;
            case Service + "Usage":
                output.Write(CannedMessages.Usage);
                break;
            case Service + "List":
                foreach (var message in _list)
                    await output.WriteAsync(message);
                break;
            default:
                throw new NotSupportedException($"There is no answer to {path} here.");
        }

        response.AppendTrailer(Status, Success);
    }

    /// <summary>Returns the key of a request: field 2 in all requests with a key.</summary>
    private static ReadOnlySpan<byte> KeyOf(ReadOnlySequence<byte> request)
    {
        var bytes = request.IsSingleSegment ? request.FirstSpan : request.ToArray();
        return MessageReader.Find(bytes[GrpcFrame.PrefixLength..], field: 2);
    }
}
