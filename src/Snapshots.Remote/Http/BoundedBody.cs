namespace Containerd.Snapshots.Remote.Http;

/// <summary>Reads small answers as a whole.</summary>
internal static class BoundedBody
{
    /// <summary>Reads an answer.</summary>
    /// <returns>The bytes, or null if there are more than the maximum.</returns>
    /// <exception cref="RegistryException">Unavailable: the connection is lost or stalled.</exception>
    public static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxSize, string host, Patience patience, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxSize)
            return null;

        using var guard = new StallGuard(host, patience, cancellationToken);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var bytes = new byte[Math.Min(maxSize, (int)(response.Content.Headers.ContentLength ?? 16 * 1024)) + 1];
        var length = 0;
        int read;
        while ((read = await guard.ReadAsync(stream, bytes.AsMemory(length)).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length > maxSize)
                return null;
            if (length == bytes.Length)
                Array.Resize(ref bytes, Math.Min(2 * length, maxSize + 1));
        }

        return bytes[..length];
    }
}
