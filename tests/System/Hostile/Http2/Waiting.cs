namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>Tasks that wait for something on a connection, at most until the connection ends.</summary>
internal sealed class Waiting
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource<Ending>> _all = [];
    private Ending? _end;

    public Task<Ending> For(ulong key)
    {
        lock (_lock)
        {
            if (_end is { } end)
                return Task.FromResult(end);

            var source = new TaskCompletionSource<Ending>(TaskCreationOptions.RunContinuationsAsynchronously);
            _all[key] = source;
            return source.Task;
        }
    }

    public void Done(ulong key, Ending ending)
    {
        lock (_lock)
        {
            if (_all.Remove(key, out var source))
                source.SetResult(ending);
        }
    }

    public void End(Ending ending)
    {
        lock (_lock)
        {
            _end = ending;
            foreach (var source in _all.Values)
                source.SetResult(ending);
            _all.Clear();
        }
    }
}
