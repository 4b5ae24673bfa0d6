using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>The answer to a call whose method still runs.</summary>
internal sealed class DetachedResponseTests
{
    private static readonly Status Exceeded = new(StatusCode.DeadlineExceeded, "too late");

    [Test]
    public async Task What_the_method_writes_afterwards_is_discarded()
    {
        var http = new DefaultHttpContext();
        var written = new MemoryStream();
        http.Response.Body = written;
        var (response, headers) = (http.Features.GetRequiredFeature<IHttpResponseFeature>(), http.Response.Headers);

        await DetachedResponse.AnswerAsync(http, Exceeded);
        http.Response.StatusCode = 500;
        http.Response.Headers.GrpcStatus = "0";
        await http.Response.WriteAsync("late");
        http.Response.AppendTrailer("grpc-status", "0");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(200));
            Assert.That((headers.GrpcStatus.ToString(), headers.GrpcMessage.ToString()), Is.EqualTo(("4", "too late")));
            Assert.That(written.Length, Is.Zero);
        });
    }

    // A gRPC layer that still reads the request writes an answer of its own as soon as the reset wakes it.
    [Test]
    public async Task The_stream_is_reset_last_even_if_the_client_does_not_read()
    {
        var unread = new UnreadResponse();
        var response = unread.Http.Features.GetRequiredFeature<IHttpResponseFeature>();
        var resets = new List<int>();
        unread.OnReset = error =>
        {
            resets.Add(error);
            unread.Http.Response.Headers.GrpcStatus = "0";
        };

        await Eventually.Within(DetachedResponse.AnswerAsync(unread.Http, Exceeded));

        Assert.That(resets, Is.EqualTo(new[] { 8 }), "CANCEL");
        Assert.That(response.Headers.GrpcStatus.ToString(), Is.EqualTo("4"));
    }
}
