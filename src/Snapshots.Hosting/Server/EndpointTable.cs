using System.Collections.Frozen;
using Containerd.Snapshots.Runtime.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// The endpoints of a host, by their paths. gRPC's paths have no parts that vary, and there are a dozen of them: a look into a
/// table finds one, where ASP.NET Core's routing takes a fifth of what a call allocates.
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
        .Where(static endpoint => endpoint.RoutePattern.Parameters.Count == 0) // Those are for services and methods that are not there.
        .ToFrozenDictionary(static endpoint => endpoint.RoutePattern.RawText!, static endpoint => endpoint.RequestDelegate!, StringComparer.Ordinal);

    public Task AnswerAsync(HttpContext http)
    {
        // CONNECT needs no path.
        if (http.Request.Path.Value is { } path && _endpoints.TryGetValue(path, out var answer))
            return answer(http);

        http.Response.ContentType = "application/grpc";
        DetachedResponse.SetStatus(http, new(StatusCode.Unimplemented, "there is no such service or method here"));
        return Task.CompletedTask;
    }
}
