using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>A request for a blob or a manifest that a fault answers.</summary>
internal sealed class Exchange
{
    private readonly HttpContext _context;
    private readonly string? _type;
    private readonly byte[] _content;

    public Exchange(HttpContext context, byte[] content, string? type, int attempt)
    {
        (_context, _content, _type, Attempt) = (context, content, type, attempt);
        if (RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var ranges) && ranges.Ranges.Single() is { From: { } from } range)
            (IsPart, From, End) = (true, (int)from, Math.Min((int)(range.To ?? int.MaxValue - 1) + 1, content.Length));
        else
            End = content.Length;
    }

    /// <summary>How many requests for the same were answered by a fault before.</summary>
    public int Attempt { get; }

    /// <summary>The right bytes, of the whole.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <summary>The first byte that was asked for, and the byte behind the last one.</summary>
    public int From { get; }

    /// <inheritdoc cref="From"/>
    public int End { get; }

    /// <summary>Whether all was asked for, from the start to the end.</summary>
    public bool IsWhole => From == 0 && End == _content.Length;

    /// <summary>Canceled when the client has gone.</summary>
    public CancellationToken Gone => _context.RequestAborted;

    private bool IsPart { get; }

    /// <summary>Answers with a status alone.</summary>
    public Task AnswerAsync(int status, TimeSpan? retryAfter = null)
    {
        _context.Response.StatusCode = status;
        if (retryAfter is { } delay)
            _context.Response.Headers.RetryAfter = delay.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

        return _context.Response.CompleteAsync();
    }

    /// <summary>Sends the headers of a right answer.</summary>
    public void Begin() => Begin(End - From);

    /// <summary>Sends the headers with any length; null for a body without one.</summary>
    public void Begin(long? length)
    {
        _context.Response.StatusCode = IsPart ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        _context.Response.ContentType = _type ?? "application/octet-stream";
        _context.Response.ContentLength = length;
        if (IsPart)
            _context.Response.Headers.ContentRange = $"bytes {From}-{End - 1}/{_content.Length}";

        _context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
    }

    /// <summary>Sends bytes of the body, as far as they were asked for.</summary>
    /// <param name="from">The first byte.</param>
    /// <param name="to">The byte behind the last one.</param>
    public Task SendAsync(int from, int to) => SendAsync(_content, from, to);

    /// <inheritdoc cref="SendAsync(int, int)"/>
    /// <param name="content">Other bytes than the right ones, of the whole.</param>
    public async Task SendAsync(byte[] content, int from, int to)
    {
        (from, to) = (Math.Max(from, From), Math.Min(to, End));
        if (from < to)
            await _context.Response.Body.WriteAsync(content.AsMemory(from, to - from), Gone);

        await _context.Response.Body.FlushAsync(Gone);
    }

    /// <summary>Sends any bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _context.Response.Body.WriteAsync(bytes, Gone);
        await _context.Response.Body.FlushAsync(Gone);
    }
}
