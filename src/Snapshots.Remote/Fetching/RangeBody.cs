using System.Net;
using System.Net.Http.Headers;
using Containerd.Snapshots.Remote.Http;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>An answer with a part of a blob, or all of it, which is read from its beginning.</summary>
internal sealed class RangeBody : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StallGuard _guard;
    private readonly Stream _stream;

    private RangeBody(Source source, HttpResponseMessage response, Stream stream, StallGuard guard, long position, long end)
    {
        (Source, _response, _stream, _guard) = (source, response, stream, guard);
        (Position, End) = (position, end);
    }

    /// <summary>The host that it comes from.</summary>
    public Source Source { get; }

    /// <summary>Where in the blob the next byte belongs.</summary>
    public long Position { get; private set; }

    /// <summary>Where in the blob the answer ends.</summary>
    public long End { get; }

    /// <summary>Asks for bytes.</summary>
    /// <param name="source">The host.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="end">The byte behind the last one. The answer may have more or fewer.</param>
    /// <param name="patience">How long it may stall.</param>
    /// <param name="cancellationToken">Gives up, also later.</param>
    /// <exception cref="RegistryException">The host does not answer so.</exception>
    public static async Task<RangeBody> OpenAsync(Source source, BlobRequest blob, long from, long end, Patience patience, CancellationToken cancellationToken)
    {
        var isWhole = from == 0 && end == blob.Size;
        var request = isWhole ? blob.Request : blob.Request with { Range = new RangeHeaderValue(from, end - 1) };
        var response = await source.Endpoint.SendAsync(request, cancellationToken).ConfigureAwait(false);
        StallGuard? guard = null;
        try
        {
            var (start, stop) = Part(response, source, blob, from);
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            guard = new(source.Endpoint.Name, patience, cancellationToken);
            return new(source, response, stream, guard, start, stop);
        }
        catch
        {
            guard?.Dispose();
            response.Dispose();
            throw;
        }
    }

    /// <summary>Reads some bytes, at most up to <see cref="End"/>.</summary>
    /// <returns>How many, at least one.</returns>
    /// <exception cref="RegistryException">Unavailable: the connection is lost, stalled, or ends too early.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, End - Position);
        var length = await _guard.ReadAsync(_stream, buffer[..wanted]).ConfigureAwait(false);
        if (length == 0)
            throw RegistryException.Transient($"{Source.Endpoint.Name} broke off after {Position} bytes of a blob");

        Position += length;
        return length;
    }

    public void Dispose()
    {
        _guard.Dispose();
        _response.Dispose();
    }

    // A host that ignores the range sends all from the beginning.
    private static (long Start, long End) Part(HttpResponseMessage response, Source source, BlobRequest blob, long from)
    {
        var headers = response.Content.Headers;
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            if (blob.IsPart)
                throw Wrong(source, $"sends all of {blob.Request.What} instead of a part");

            return headers.ContentLength is null || headers.ContentLength == blob.Size
                ? (0, blob.Size)
                : throw Wrong(source, $"sends {headers.ContentLength} bytes instead of {blob.Size} as {blob.Request.What}");
        }

        var range = headers.ContentRange;
        if (range is not { Unit: "bytes", HasRange: true } || range.From != from || range.To >= blob.Size || (range.HasLength && range.Length != blob.Size))
            throw Wrong(source, $"answers with another part of {blob.Request.What} than it was asked for");

        return (from, range.To!.Value + 1);
    }

    private static RegistryException Wrong(Source source, string what) => new(RegistryError.Invalid, $"{source.Endpoint.Name} {what}");
}

/// <summary>A blob that is fetched.</summary>
/// <param name="Request">How it is asked for.</param>
/// <param name="Size">Its size in bytes, as the manifest has it.</param>
internal sealed record BlobRequest(RegistryRequest Request, long Size)
{
    /// <summary>The first byte that is wanted.</summary>
    public long Start { get; init; }

    /// <summary>The byte behind the last one that is wanted.</summary>
    public long End { get; init; } = Size;

    /// <summary>Whether only a part is wanted. A host that sends all instead is not used for it.</summary>
    public bool IsPart => Start > 0 || End < Size;
}
