using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Client;

/// <summary>Callers that prepare, stat and remove snapshots without a pause, and record errors.</summary>
public sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _callers = [];
    private readonly Wire.Snapshots.SnapshotsClient _calls;
    private readonly string _snapshotter;
    private readonly Metadata _headers;
    private long _cycles, _lastAnswer = Stopwatch.GetTimestamp();

    private Load(SnapshotsClient client, string snapshotter, string @namespace)
    {
        _calls = client.Calls;
        _snapshotter = snapshotter;
        _headers = new() { { "containerd-namespace", @namespace } };
    }

    public ConcurrentQueue<RpcException> Errors { get; } = new();

    /// <summary>The longest time without a finished cycle.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>Starts a number of callers on one connection.</summary>
    public static Load Start(SnapshotsClient client, string snapshotter, string @namespace, int callers)
    {
        var load = new Load(client, snapshotter, @namespace);
        load._callers.AddRange(Enumerable.Range(0, callers).Select(caller => Task.Run(() => load.RunAsync($"load-{caller}"))));
        return load;
    }

    /// <summary>Waits until a number of further cycles are done.</summary>
    public Task AdvanceAsync(int cycles)
    {
        var goal = Volatile.Read(ref _cycles) + cycles;
        return Eventually.TrueAsync(() => Volatile.Read(ref _cycles) >= goal, $"{cycles} more cycles are done");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_callers);
        _stopping.Dispose();
    }

    private async Task RunAsync(string name)
    {
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            try
            {
                await CycleAsync($"{name}-{i}");
                Advance();
            }
            catch (RpcException exception)
            {
                Errors.Enqueue(exception);
            }
        }
    }

    private async Task CycleAsync(string key)
    {
        await _calls.PrepareAsync(new() { Snapshotter = _snapshotter, Key = key }, _headers);
        await _calls.StatAsync(new() { Snapshotter = _snapshotter, Key = key }, _headers);
        await _calls.RemoveAsync(new() { Snapshotter = _snapshotter, Key = key }, _headers);
    }

    private void Advance()
    {
        Interlocked.Increment(ref _cycles);
        var now = Stopwatch.GetTimestamp();
        var pause = Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _lastAnswer, now), now);
        if (pause > LongestPause)
            LongestPause = pause;
    }
}
