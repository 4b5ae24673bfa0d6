using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Remote;

/// <summary>A small registry on the loopback interface that keeps its word, until a test says otherwise.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string Type)> _content = new();

    private TestRegistry(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Address { get; private set; } = "";

    public string Url => $"http://{Address}";

    /// <summary>What a test wants to happen before, or instead of, the usual answer.</summary>
    public Func<HttpContext, Func<Task>, Task> Behave { get; set; } = (_, answer) => answer();

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The requests for blobs.</summary>
    public IReadOnlyList<ReceivedRequest> BlobRequests => [.. _requests.Where(request => request.Path.Contains("/blobs/", StringComparison.Ordinal))];

    public static async Task<TestRegistry> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(1));
        var app = builder.Build();
        var registry = new TestRegistry(app);
        app.Run(registry.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        registry.Address = new Uri(address).Authority;
        return registry;
    }

    /// <summary>Adds an image, under a tag, too.</summary>
    public TestRegistry With(TestContent content, string tag = "latest")
    {
        foreach (var (digest, (bytes, type)) in content.Parts)
        {
            _content[$"blobs/{digest}"] = (bytes, "application/octet-stream");
            _content[$"manifests/{digest}"] = (bytes, type);
        }

        _content[$"manifests/{tag}"] = content.Parts[content.Target.ToString()];
        return this;
    }

    /// <summary>Puts other bytes in the place of a blob or manifest.</summary>
    public void Falsify(SnapshotDigest digest, byte[] bytes)
    {
        foreach (var kind in (string[])["blobs", "manifests"])
            _content[$"{kind}/{digest}"] = (bytes, _content[$"{kind}/{digest}"].Type);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        _requests.Enqueue(new(
            context.Request.Path.Value!,
            context.Request.QueryString.Value!,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        await Behave(context, () => AnswerAsync(context));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var kind = path.LastIndexOf("/blobs/", StringComparison.Ordinal) is var blob and >= 0 ? blob : path.LastIndexOf("/manifests/", StringComparison.Ordinal);
        if (path.TrimEnd('/') == "/v2")
            return;

        if (kind < 0 || !_content.TryGetValue(path[(kind + 1)..], out var content))
        {
            context.Response.StatusCode = 404;
            return;
        }

        IResult result = TypedResults.Bytes(content.Bytes, content.Type, enableRangeProcessing: true);
        await result.ExecuteAsync(context);
    }
}

/// <summary>A request that a registry has received.</summary>
internal sealed record ReceivedRequest(string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}
