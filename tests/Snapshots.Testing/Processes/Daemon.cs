using System.Collections.Concurrent;
using System.Diagnostics;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A process in the background, whose output is kept. Disposing it ends the process.</summary>
public sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly int _id;

    private Daemon(string name, Process process, int id)
    {
        Name = name;
        _process = process;
        _id = id;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>The output of the command and of its child processes.</summary>
    public string Log => string.Join('\n', _log);

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a command through <paramref name="launcher"/>, a program that runs it as its child.</summary>
    public static async Task<Daemon> StartAsync(string name, IReadOnlyList<string> launcher, IReadOnlyList<string> command)
    {
        var process = Command.Start([.. launcher, .. command]);
        try
        {
            return new Daemon(name, process, await ProcessTree.FirstChildAsync(process.Id));
        }
        catch
        {
            var error = await process.StandardError.ReadToEndAsync();
            await TestContext.Out.WriteLineAsync($"{name} did not start: {error}");
            process.Dispose();
            throw;
        }
    }

    /// <summary>Checks a condition until it holds; fails with the log if the process ends or the time is up.</summary>
    public async Task WaitUntilAsync(string what, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(
                async () => HasExited
                    ? throw new AssertionException($"{Name} ended with exit code {_process.ExitCode} before {what}.")
                    : await condition(),
                what);
        }
        catch (AssertionException exception)
        {
            throw new AssertionException($"{exception.Message}\n{Name}'s log:\n{Log}");
        }
    }

    /// <summary>Sends SIGTERM, waits and returns the exit code. Kills a process that does not end in time, and fails.</summary>
    public async Task<int> StopAsync()
    {
        if (!HasExited)
            await Signal("TERM");

        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await Signal("KILL");
            await _process.WaitForExitAsync();
            throw new AssertionException($"{Name} did not end within {StopLimit.TotalSeconds:0} seconds after SIGTERM. Its log:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends SIGKILL and waits.</summary>
    public async Task KillAsync()
    {
        await Signal("KILL");
        await Eventually.Within(_process.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _process.Dispose();
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="name">Its name, without SIG.</param>
    public async Task Signal(string name) => await Command.RunAsync(["bash", "-c", $"kill -{name} {_id}"]);

    private void Append(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
