using System.Collections.Frozen;
using Containerd.Snapshots.Runtime.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// The endpoints of a host, by path. There are about a dozen gRPC paths and none has parameters: a dictionary finds them, while
/// ASP.NET Core's routing makes a fifth of a call's allocations.
/// </summary>
internal sealed class EndpointTable(IServiceProvider services) : IEndpointRouteBuilder
{
    private FrozenDictionary<string, RequestDelegate> _endpoints = FrozenDictionary<string, RequestDelegate>.Empty;

    public IServiceProvider ServiceProvider => services;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);

    /// <summary>Builds the endpoints that were added.</summary>
    public void Build() => _endpoints = DataSources
        .SelectMany(static source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .Where(static endpoint => endpoint.RoutePattern.Parameters.Count == 0) // Endpoints with parameters are for unknown services and methods.
        .ToFrozenDictionary(static endpoint => endpoint.RoutePattern.RawText!, static endpoint => endpoint.RequestDelegate!, StringComparer.Ordinal);

    public Task AnswerAsync(HttpContext http)
    {
        // CONNECT needs no path.
        if (http.Request.Path.Value is { } path && _endpoints.TryGetValue(path, out var answer))
            return answer(http);

        http.Response.ContentType = "application/grpc";
        DetachedResponse.SetStatus(http, new(StatusCode.Unimplemented, "unknown service or method"));
        return Task.CompletedTask;
    }
}
