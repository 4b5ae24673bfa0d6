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
    private const int Cancel = 8; // RFC 9113, section 7. gRPC clients report it as Canceled.

    private const int MaxAttempts = 3;

    // A client that does not read must not delay the reset.
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(1);

    public static async Task AnswerAsync(HttpContext http, Status status)
    {
        try
        {
            // While the request is read, the gRPC layer may change the headers at the same moment.
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await CompleteAsync(http, status).ConfigureAwait(false);
                    break;
                }
                catch (Exception exception) when (exception is not TimeoutException && attempt < MaxAttempts && !http.Response.HasStarted)
                {
                }
            }
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
            reset?.Reset(Cancel); // Last: it wakes a gRPC layer that still reads, which then writes to the features.
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
