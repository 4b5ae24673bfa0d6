using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>Turns what goes wrong on the way into errors for an operator. No message has an address beyond its host.</summary>
internal static class HttpFailure
{
    /// <summary>An exception of HttpClient, or of reading an answer.</summary>
    public static RegistryException Of(string host, Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => RegistryException.Transient($"{host} is not a known host name", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException inner } =>
            new(RegistryError.Unavailable, $"{host} cannot be trusted: {inner.Message.TrimEnd('.')}; set \"ca\" or \"client\" in its hosts.toml", exception),
        { InnerException: SocketException inner } => RegistryException.Transient($"{host} cannot be reached: {Reason(inner)}", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => RegistryException.Transient($"{host} cannot be reached through the proxy", exception),
        _ => RegistryException.Transient($"{host} broke off the connection", exception),
    };

    /// <summary>A connection that has sent nothing for too long.</summary>
    public static RegistryException Stalled(string host, TimeSpan limit, int received = 0) => RegistryException.Transient(received == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{host} sent nothing for {limit.TotalSeconds:0.###} s")
        : string.Create(CultureInfo.InvariantCulture, $"{host} sent only {received} bytes in {limit.TotalSeconds:0.###} s"));

    /// <summary>An answer that is no success. 401 is dealt with elsewhere.</summary>
    public static RegistryException Of(string host, RegistryRequest request, HttpResponseMessage response, DateTimeOffset now) => response.StatusCode switch
    {
        HttpStatusCode.NotFound => new(RegistryError.NotFound, $"{host} does not have {request.What}"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(RegistryError.Denied, $"{host} denies {request.What} ({(int)response.StatusCode})"),
        HttpStatusCode.RequestedRangeNotSatisfiable => new(RegistryError.Invalid, $"{host} has less of {request.What} than the manifest says"),
        HttpStatusCode.TooManyRequests => RegistryException.Transient($"{host} allows no more requests at the moment (429)", retryAfter: RetryAfter(response, now)),
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
            RegistryException.Transient($"{host} answers {(int)response.StatusCode} for {request.What}", retryAfter: RetryAfter(response, now)),
        _ => new(RegistryError.Unavailable, $"{host} answers {(int)response.StatusCode} for {request.What}"),
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - now : null;

    private static string Reason(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route",
        SocketError.TimedOut => "no answer",
        SocketError.ConnectionReset => "connection reset",
        var other => other.ToString(),
    };
}
