namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Numbers whose content is made ahead, so that a new snapshot does not wait for it. Their count adapts to demand: it starts
/// at two, and doubles when a snapshot finds none ready or more are needed within a second. Many at a time cost the disk
/// less for each.
/// </summary>
/// <param name="numbers">Hands out the numbers.</param>
/// <param name="make">Makes the content of numbers; null to make nothing ahead.</param>
/// <param name="time">The clock.</param>
internal sealed class NumbersAhead(Numbers numbers, Func<IReadOnlyList<long>, Task>? make, TimeProvider time) : IDisposable
{
    private const int Least = 2, Most = 64;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<long> _ready = [];
    private Task _filling = Task.CompletedTask;
    private long? _filledAt;
    private int _wanted;
    private bool _isClosed;

    /// <summary>Returns a new number, in use until it is given back; its content is made already if one is ready.</summary>
    public ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_ready.TryDequeue(out var number))
                return new(number);

            _wanted = Math.Clamp(_wanted * 2, Least, Most);
        }

        return numbers.TakeAsync(cancellationToken);
    }

    /// <summary>
    /// Makes more in the background if few are left. Call it after a snapshot was stored, so that this never takes the last
    /// disk space from it.
    /// </summary>
    public void Refill()
    {
        lock (_lock)
        {
            if (make is null || _isClosed || !_filling.IsCompleted || _wanted == 0 || _ready.Count > _wanted / 2)
                return;

            if (_filledAt is { } last && time.GetElapsedTime(last) < Soon)
                _wanted = Math.Min(_wanted * 2, Most);

            _filledAt = time.GetTimestamp();
            _filling = Task.Run(FillAsync, CancellationToken.None);
        }
    }

    /// <summary>Waits for the content that is being made, and gives all ready numbers back.</summary>
    public async Task GiveUpAsync()
    {
        foreach (var number in await TakeAllAsync().ConfigureAwait(false))
            numbers.GiveBack(number);
    }

    /// <summary>Waits for the content that is being made, and makes no more.</summary>
    public void Dispose()
    {
        Task filling;
        lock (_lock)
        {
            _isClosed = true;
            filling = _filling;
        }

        filling.GetAwaiter().GetResult();
    }

    private async Task<long[]> TakeAllAsync()
    {
        while (true)
        {
            Task filling;
            lock (_lock)
            {
                filling = _filling;
                if (filling.IsCompleted)
                {
                    long[] all = [.. _ready];
                    _ready.Clear();
                    _wanted = 0;
                    return all;
                }
            }

            await filling.ConfigureAwait(false);
        }
    }

    private async Task FillAsync()
    {
        List<long> taken = [];
        try
        {
            for (var count = Missing(); taken.Count < count;)
                taken.Add(await numbers.TakeAsync(CancellationToken.None).ConfigureAwait(false));

            await make!(taken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The disk is full, for example. The next snapshot makes its own content, and reports the error.
            foreach (var number in taken)
                numbers.GiveBack(number);

            return;
        }

        lock (_lock)
        {
            foreach (var number in taken)
                _ready.Enqueue(number);
        }
    }

    private int Missing()
    {
        lock (_lock)
            return _wanted - _ready.Count;
    }
}
