namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Lets one call at a time make a snapshot of a name. The next one waits, and then sees whether the name is taken.
/// </summary>
internal sealed class NameTurns
{
    private readonly Lock _lock = new();

    // The names with a call, and those that wait for it; null if none does.
    private readonly Dictionary<string, Queue<TaskCompletionSource>?> _taken = [];

    /// <summary>Waits until no other call makes a snapshot of this name; call <see cref="Release"/> afterwards.</summary>
    /// <exception cref="OperationCanceledException">The wait was canceled; there is nothing to release.</exception>
    public async ValueTask TakeAsync(string name, CancellationToken cancellationToken)
    {
        if (Enqueue(name) is not { } turn)
            return;

        var registration = cancellationToken.UnsafeRegister(static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await using (registration.ConfigureAwait(false))
            await turn.Task.ConfigureAwait(false);
    }

    /// <summary>Gives the turn to the next call that waits.</summary>
    public void Release(string name)
    {
        lock (_lock)
        {
            var waiting = _taken[name];
            while (waiting is not null && waiting.TryDequeue(out var turn))
            {
                if (turn.TrySetResult()) // False if it was canceled.
                    return;
            }

            _taken.Remove(name);
        }
    }

    private TaskCompletionSource? Enqueue(string name)
    {
        lock (_lock)
        {
            if (_taken.TryAdd(name, null))
                return null;

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_taken[name] ??= new()).Enqueue(turn);
            return turn;
        }
    }
}
