using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>Requests without a gRPC library, which would enforce deadlines itself.</summary>
internal static class BareRequest
{
    public const string Ok = "0", InvalidArgument = "3", DeadlineExceeded = "4", Unimplemented = "12";

    /// <summary>Calls a method of containerd's service.</summary>
    /// <param name="client">A client whose connections lead to the server.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="message">The request's message.</param>
    /// <param name="timeout">The header <c>grpc-timeout</c>, or null for none.</param>
    /// <returns>The status that the server sent.</returns>
    /// <exception cref="HttpRequestException">The stream was reset, or there was no status.</exception>
    public static async Task<string> StatusOfAsync(HttpClient client, string method, byte[] message, string? timeout) =>
        (await AnswerOfAsync(client, method, message, timeout)).Status;

    /// <inheritdoc cref="StatusOfAsync"/>
    /// <returns>The status that the server sent, and its text.</returns>
    public static async Task<(string Status, string Text)> AnswerOfAsync(HttpClient client, string method, byte[] message, string? timeout)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        using var request = To(method, new ByteArrayContent(frame));
        if (timeout is not null)
            request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/grpc"));
        var trailers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        var text = trailers.TryGetValues("grpc-message", out var texts) ? texts.Single() : "";
        return (trailers.GetValues("grpc-status").Single(), text);
    }

    /// <summary>A call whose request has begun and does not go on.</summary>
    public static HttpRequestMessage Unfinished(string method) => To(method, new UnfinishedContent());

    private static HttpRequestMessage To(string method, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost/containerd.services.snapshots.v1.Snapshots/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add("te", "trailers");
        return request;
    }

    private sealed class UnfinishedContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[3], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
