using System.ComponentModel;
using System.Diagnostics;
using Containerd.Snapshots.Erofs;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Reporting;

namespace Samples.Lazy.Filling;

/// <summary>
/// The process that keeps the FUSE mount's descriptor while this program is stopped, killed or replaced: the command
/// <c>keeper</c>, on ROOT/keeper.sock. Under systemd it is a unit of its own; elsewhere it is started here.
/// </summary>
internal sealed class LazyKeeper(string root, ILogger logger)
{
    /// <summary>The socket's name in the root directory.</summary>
    public const string SocketName = "keeper.sock";

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10), Beat = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _socket = SocketOf(root);

    public static string SocketOf(string root) => Path.Combine(Path.GetFullPath(root), SocketName);

    /// <summary>Asks for what is kept; null if nothing is.</summary>
    public KeptMount? Take()
    {
        try
        {
            return FuseKeeper.Take(_socket);
        }
        catch (IOException exception)
        {
            LazyLog.NoKeeper(logger, exception.Message);
            return null;
        }
    }

    /// <summary>Gives the mount to the keeper, which is started if there is none, and to each that takes its place.</summary>
    public void Keep(LazyImageMount mount) => Task.Run(() => KeepAsync(mount));

    /// <summary>Lets the keeper end: nothing is mounted any more.</summary>
    public void End()
    {
        try
        {
            FuseKeeper.End(_socket);
        }
        catch (IOException exception)
        {
            LazyLog.NoKeeper(logger, exception.Message);
        }
    }

    // A keeper that was killed is replaced, and the next one has nothing.
    private async Task KeepAsync(LazyImageMount mount)
    {
        try
        {
            var state = await mount.GetStateAsync();
            string? said = null;
            while (!mount.Ended.IsCompleted)
            {
                var failure = await TryKeepAsync(mount, state);
                if (failure is not null && failure != said)
                    LazyLog.NoKeeper(logger, failure);

                said = failure;
                await Task.Delay(Beat);
            }
        }
        catch (ObjectDisposedException)
        {
            // This program stops.
        }
    }

    // Returns why it is not kept.
    private async Task<string?> TryKeepAsync(LazyImageMount mount, byte[] state)
    {
        // A child would be in the same unit, and end with it.
        var isUnit = Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == $"{Environment.ProcessId}";
        var isStarted = isUnit;
        var limit = DateTimeOffset.UtcNow + MostTime;
        try
        {
            while (!FuseKeeper.Keep(_socket, mount.Device, state))
            {
                if (DateTimeOffset.UtcNow > limit)
                    return isUnit ? "the unit lazy-snapshotter-keeper.service does not run, and containers on lazy layers do not survive the end of this unit" : "it does not answer";

                if (!isStarted)
                    Start();

                isStarted = true;
                await Task.Delay(Pause);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            return exception.Message;
        }
    }

    // In a session of its own, so that a signal to this program's does not end it, and without this program's streams.
    private void Start()
    {
        var program = Environment.ProcessPath ?? throw new IOException("this program's path is not known");
        using var process = Process.Start(new ProcessStartInfo("setsid", ["--fork", program, "keeper", "--root", Path.GetFullPath(root)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }
}
