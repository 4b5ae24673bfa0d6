using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>A request whose client does not read: its response never completes. Keeps what is written.</summary>
internal sealed class UnreadResponse : IHttpResponseBodyFeature, IHttpResetFeature
{
    private readonly StreamResponseBodyFeature _body;

    private readonly Action _onComplete;

    /// <summary>Makes a response, and a request for it.</summary>
    /// <param name="onComplete">Runs when the response is to be completed.</param>
    public UnreadResponse(Action? onComplete = null)
    {
        _onComplete = onComplete ?? (() => { });
        _body = new(Written);
        Http.Features.Set<IHttpResponseBodyFeature>(this);
        Http.Features.Set<IHttpResetFeature>(this);
    }

    public DefaultHttpContext Http { get; } = new();

    public MemoryStream Written { get; } = new();

    /// <summary>Runs when the stream is reset, with the error code.</summary>
    public Action<int> OnReset { get; set; } = _ => { };

    public Stream Stream => _body.Stream;

    public PipeWriter Writer => _body.Writer;

    public void Reset(int errorCode) => OnReset(errorCode);

    public Task CompleteAsync()
    {
        _onComplete();
        return Task.Delay(Timeout.Infinite);
    }

    public void DisableBuffering() => _body.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);
}
