using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>
/// Passes requests on to a real registry, and misbehaves where a test says so: to the snapshotter alone, or to all clients.
/// </summary>
internal sealed class HostileRegistry : IAsyncDisposable
{
    // As the snapshotter names itself in its requests.
    private const string OurAgent = "snapshots";

    private readonly ConcurrentDictionary<string, (Fault Fault, bool ForAll)> _faults = [];
    private readonly ConcurrentDictionary<string, int> _attempts = [];
    private readonly ConcurrentQueue<RegistryRequest> _requests = [];
    private readonly HttpClient _upstream;
    private readonly WebApplication _app;

    private HostileRegistry(WebApplication app, string upstream)
    {
        _app = app;
        _upstream = new() { BaseAddress = new($"http://{upstream}") };
    }

    /// <summary>Host and port, the first part of an image's name.</summary>
    public string Address => new Uri(_app.Urls.Single()).Authority;

    /// <summary>The requests so far, in order.</summary>
    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    /// <param name="upstream">The real registry's host and port.</param>
    public static async Task<HostileRegistry> StartAsync(string upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MinResponseDataRate = null);
        var registry = new HostileRegistry(builder.Build(), upstream);
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>Misbehaves towards the snapshotter.</summary>
    /// <param name="digest">The blob or manifest.</param>
    /// <param name="fault">How it is answered from now on.</param>
    public void Break(string digest, Fault fault) => _faults[digest] = (fault, ForAll: false);

    /// <summary>Misbehaves towards containerd, too.</summary>
    /// <inheritdoc cref="Break"/>
    public void BreakForAll(string digest, Fault fault) => _faults[digest] = (fault, ForAll: true);

    /// <summary>Answers truthfully from now on.</summary>
    public void Heal() => _faults.Clear();

    /// <summary>The snapshotter's requests for a blob or manifest.</summary>
    public IReadOnlyList<RegistryRequest> OursFor(string digest) => [.. _requests.Where(request => request.IsOurs && request.Path.EndsWith(digest, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        // A fault may hold connections for ever.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var isOurs = context.Request.Headers.UserAgent == OurAgent;
        _requests.Enqueue(new(context.Request.Method, path, context.Request.Headers.Range, isOurs));
        var digest = path.Split('/')[^1];
        if (context.Request.Method == "GET" && _faults.TryGetValue(digest, out var broken) && (isOurs || broken.ForAll))
        {
            using var whole = await _upstream.GetAsync(path, context.RequestAborted);
            var attempt = _attempts.AddOrUpdate(digest, 0, (_, before) => before + 1);
            await broken.Fault(new(context, await whole.Content.ReadAsByteArrayAsync(), whole.Content.Headers.ContentType?.ToString(), attempt));
            return;
        }

        await PassAsync(context, path);
    }

    private async Task PassAsync(HttpContext context, string path)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), path + context.Request.QueryString);
        foreach (var name in new[] { "Accept", "Range" })
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var answer = await _upstream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
            context.Response.Headers[name] = values.ToArray();

        if (context.Request.Method != "HEAD")
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <summary>A request.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">As in the URL.</param>
/// <param name="Range">The header; null for none.</param>
/// <param name="IsOurs">Whether it is the snapshotter's.</param>
internal sealed record RegistryRequest(string Method, string Path, string? Range, bool IsOurs);
