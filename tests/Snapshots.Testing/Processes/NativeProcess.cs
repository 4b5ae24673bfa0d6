using System.Diagnostics;
using System.Text;
using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A running native snapshotter.</summary>
public sealed class NativeProcess : IAsyncDisposable
{
    // A shell starts background processes with SIGINT ignored, which their children inherit.
    private static readonly string[] DefaultSignals = ["env", "--default-signal=INT"];

    private readonly Process _process;
    private readonly Task<string> _log;
    private readonly StringBuilder _logSoFar = new();

    private NativeProcess(string socketPath, Process process)
    {
        SocketPath = socketPath;
        _process = process;
        _log = ReadLogAsync(process.StandardError);
        Client = new SnapshotsClient(socketPath);
    }

    public int Id => _process.Id;

    public string SocketPath { get; }

    public SnapshotsClient Client { get; }

    /// <summary>The log so far.</summary>
    public string Log
    {
        get
        {
            lock (_logSoFar)
                return _logSoFar.ToString();
        }
    }

    public Wire.Snapshots.SnapshotsClient Calls => Client.Calls;

    /// <summary>Starts a binary on <c>FOLDER/test.sock</c> and <c>FOLDER/root</c>, and waits until it answers.</summary>
    public static Task<NativeProcess> StartAsync(string binary, DirectoryInfo folder) =>
        StartAsync(binary, Path.Combine(folder.FullName, "test.sock"), Path.Combine(folder.FullName, "root"));

    /// <inheritdoc cref="StartAsync(string, DirectoryInfo)"/>
    public static Task<NativeProcess> StartAsync(string binary, string socketPath, string root, params IReadOnlyList<string> options) =>
        StartAsync([binary], socketPath, root, options);

    /// <summary>The same for a command that executes the binary in its own process.</summary>
    public static async Task<NativeProcess> StartAsync(
        IReadOnlyList<string> command, string socketPath, string root, params IReadOnlyList<string> options)
    {
        var binary = command[^1];
        var process = new NativeProcess(
            socketPath, Command.Start([.. DefaultSignals, .. command, socketPath, "--root", root, "--log-level", "Debug", .. options]));

        try
        {
            // The socket's file is no sign: an earlier process may have left it.
            await Eventually.TrueAsync(
                async () => process._process.HasExited
                    ? throw new AssertionException($"{binary} has ended with exit code {process._process.ExitCode}: {await process._log}")
                    : process.Answers(),
                $"{binary} answers");
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string signal) => (await Command.RunAsync(["bash", "-c", $"kill -{signal} {_process.Id}"])).AssertSucceeded();

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit code and the log.</returns>
    public async Task<(int ExitCode, string Log)> StopAsync(string signal)
    {
        await SignalAsync(signal);
        await Eventually.Within(_process.WaitForExitAsync());
        return (_process.ExitCode, await _log);
    }

    /// <summary>Kills the process if it still runs, and waits for its end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Eventually.Within(_process.WaitForExitAsync());
    }

    /// <summary>A value of /proc/PID/status in kB, such as <c>VmRSS</c>.</summary>
    public long Memory(string line) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(each => each.StartsWith(line, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        _process.Dispose();
    }

    private async Task<string> ReadLogAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_logSoFar)
                _logSoFar.Append(line).Append('\n');
        }

        return Log;
    }

    private bool Answers() => Rpc.StatusOf(() => Calls.Stat(new() { Key = "anything" })).StatusCode is StatusCode.OK or StatusCode.NotFound;
}
