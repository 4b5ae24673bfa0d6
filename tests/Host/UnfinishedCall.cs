using System.Net;
using System.Net.Http.Headers;
using Containerd.Snapshots.Tests.Client;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>A call whose request never comes to an end: a server that stops waits for it.</summary>
internal sealed class UnfinishedCall : IDisposable
{
    private readonly HttpClient _client;
    private readonly Body _body = new();
    private readonly Task _response;

    public UnfinishedCall(string socketPath)
    {
        _client = new(UnixSocketHandler.To(socketPath));
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/containerd.services.snapshots.v1.Snapshots/Cleanup")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _body,
        };
        _response = _client.SendAsync(request);
    }

    /// <summary>Completed when the server has the beginning of it.</summary>
    public Task Begun => _body.Begun.Task;

    public void Dispose()
    {
        _client.Dispose();
        _response.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

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
