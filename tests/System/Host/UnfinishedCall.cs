using System.Net;
using System.Net.Http.Headers;
using Containerd.Snapshots.Tests.Client;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>A call whose request never ends: a server that stops waits for it.</summary>
internal sealed class UnfinishedCall : IDisposable
{
    private readonly HttpClient _client;
    private readonly Body _body = new();
    private readonly Task<HttpResponseMessage> _response;

    public UnfinishedCall(string socketPath)
    {
        _client = new(UnixSocketHandler.To(socketPath));
        _response = CallAsync("Cleanup", _body);
        Begun = BeginAsync();
    }

    /// <summary>Completes when the server has read the beginning of the request.</summary>
    public Task Begun { get; }

    public void Dispose()
    {
        _client.Dispose();
        _response.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    // When a later call on the same connection is answered, the server has read the beginning.
    private async Task BeginAsync()
    {
        await _body.Begun.Task;
        using var answer = await CallAsync("Nothing", new ByteArrayContent([]) { Headers = { ContentType = new("application/grpc") } });
    }

    private Task<HttpResponseMessage> CallAsync(string method, HttpContent body) => _client.SendAsync(
        new(HttpMethod.Post, $"http://localhost/containerd.services.snapshots.v1.Snapshots/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        });

    private sealed class Body : HttpContent
    {
        public Body() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        public TaskCompletionSource Begun { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1]);
            await stream.FlushAsync();
            Begun.SetResult();
            await Task.Delay(Timeout.Infinite);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
