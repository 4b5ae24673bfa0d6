namespace Samples.Lazy.Filling;

/// <summary>Bounds how many bytes a second are fetched; null for no bound. A second's worth may come at once.</summary>
internal sealed class FetchRate(long? bytesPerSecond)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _paid = DateTimeOffset.UtcNow;

    /// <summary>Waits until bytes that have come are within the bound.</summary>
    public async Task TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond is not { } rate || rate <= 0)
            return;

        TimeSpan ahead;
        lock (_lock)
        {
            var now = DateTimeOffset.UtcNow;
            _paid = (_paid > now ? _paid : now) + TimeSpan.FromSeconds((double)bytes / rate);
            ahead = _paid - now - TimeSpan.FromSeconds(1);
        }

        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, cancellationToken);
    }
}
