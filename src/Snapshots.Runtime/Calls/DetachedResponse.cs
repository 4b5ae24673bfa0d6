using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// Answers a request whose method still runs, then detaches the response: what the gRPC layer writes after the method
/// returns is discarded.
/// </summary>
internal static class DetachedResponse
{
    // RFC 9113, sections 7 and 8.1. A client that is still sending its request when its answer is complete takes only
    // NO_ERROR as the end of the request; after any other code it loses the answer.
    private const int NoError = 0, Cancel = 8;

    // A client that does not read must not delay the reset.
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(1);

    public static async Task AnswerAsync(HttpContext http, Status status)
    {
        var reason = Cancel;
        try
        {
            await CompleteAsync(http, status).ConfigureAwait(false);
            reason = NoError;
        }
        catch (Exception)
        {
            // A client that is gone or does not read gets only the reset. After any other failure the response must end, too.
        }
        finally
        {
            var reset = http.Features.Get<IHttpResetFeature>();
            http.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            http.Features.Set<IHttpResponseTrailersFeature>(new UnsentTrailers());
            reset?.Reset(reason); // Last: it wakes a gRPC layer that still reads, which then writes to the features.
        }
    }

    private static async Task CompleteAsync(HttpContext http, Status status)
    {
        if (!http.Response.HasStarted)
            http.Response.ContentType = "application/grpc";

        SetStatus(http, status);
        await http.Response.CompleteAsync().WaitAsync(WriteTime).ConfigureAwait(false);
    }

    /// <summary>Sets a call's status: in the headers, or in the trailers if the response has started. Does not escape the text.</summary>
    public static void SetStatus(HttpContext http, Status status)
    {
        var trailers = http.Response.HasStarted ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : http.Response.Headers;
        trailers.GrpcStatus = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        trailers.GrpcMessage = status.Detail;
    }

    private sealed class UnsentTrailers : IHttpResponseTrailersFeature
    {
        public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();
    }
}
