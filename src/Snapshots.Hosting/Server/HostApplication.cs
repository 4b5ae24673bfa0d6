using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>What Kestrel hands its requests to. A stream's context is used again for the next request on it.</summary>
internal sealed class HostApplication(EndpointTable endpoints, IServiceScopeFactory scopes) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
            return Create(contextFeatures);

        if (container.HostContext is not { } used)
            return container.HostContext = Create(contextFeatures);

        used.Initialize(contextFeatures);
        return used;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => endpoints.AnswerAsync(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    private DefaultHttpContext Create(IFeatureCollection features) => new(features) { ServiceScopeFactory = scopes };
}
