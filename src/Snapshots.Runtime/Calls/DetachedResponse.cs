using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// Answers a request while its method still has the thread, and takes the response away from it: what the gRPC layer
/// writes when the method returns goes nowhere.
/// </summary>
internal static class DetachedResponse
{
    private const int Cancel = 8; // RFC 9113, section 7; gRPC's clients make Canceled of it.

    // A client that takes nothing must not hold up what frees the server of it.
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(1);

    public static async Task AnswerAsync(HttpContext http, Status status)
    {
        try
        {
            if (!http.Response.HasStarted)
                http.Response.ContentType = "application/grpc";

            SetStatus(http, status);
            await http.Response.CompleteAsync().WaitAsync(WriteTime).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client is gone, or does not read: it gets the reset alone. Whatever else it is, the response must not stay.
        }
        finally
        {
            Reset(http);
            http.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            http.Features.Set<IHttpResponseTrailersFeature>(new UnsentTrailers());
        }
    }

    /// <summary>Ends the request's stream, whatever state it is in.</summary>
    public static void Reset(HttpContext http) => http.Features.Get<IHttpResetFeature>()?.Reset(Cancel);

    /// <summary>Says how a call has ended, with a text that needs no escapes: in the headers of a response that has not begun.</summary>
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
