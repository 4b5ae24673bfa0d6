namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Numbers under which all is made before they are asked for, so that a new snapshot does not wait for it. How many are
/// kept depends on how many were missed, and how soon more had to be made: a lonely snapshot costs two, a flood of them
/// soon finds enough, and many at a time, since what each costs the disk is less then.
/// </summary>
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

    /// <summary>A number that nothing else has, in use until it is given back; with all made under it, if one is ready.</summary>
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

    /// <summary>Has more made, where few are left: after a snapshot was stored, so that what is made never takes the last space from it.</summary>
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

    /// <summary>Gives all back that are ready, once what is being made is made.</summary>
    public async Task GiveUpAsync()
    {
        foreach (var number in await TakeAllAsync().ConfigureAwait(false))
            numbers.GiveBack(number);
    }

    /// <summary>Waits for what is being made, and makes no more.</summary>
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
            // The disk is full, say. Whoever makes a snapshot next has to make all by himself, and tells what is wrong.
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
