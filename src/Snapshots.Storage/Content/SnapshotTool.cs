using System.ComponentModel;
using System.Diagnostics;
using Containerd.Snapshots.Storage.Content;

namespace Containerd.Snapshots.Storage;

/// <summary>Runs programs such as <c>mkfs.ext4</c> that make a snapshot's content.</summary>
public static class SnapshotTool
{
    // From a message in the C locale, which tools take from strerror(3).
    private static readonly string[] NoSpace = ["No space left on device", "Disk quota exceeded"];

    /// <summary>
    /// Runs a program to its end, with nothing on standard input and with <c>LC_ALL=C</c>, and returns its standard output.
    /// Without a directory in its name, it is looked up in <c>PATH</c>.
    /// </summary>
    /// <param name="command">The program and its arguments, which no shell interprets.</param>
    /// <param name="cancellationToken">Kills the program and its children.</param>
    /// <returns>The end of the standard output, up to 64 KiB.</returns>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the program cannot be started. ResourceExhausted: it failed because a disk or quota is full.
    /// </exception>
    /// <exception cref="IOException">The program failed otherwise. The message has the last lines of its standard error.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Count == 0)
            throw new ArgumentException("The command has no program.", nameof(command));

        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(command);
        var output = new ToolOutput(process.StandardOutput);
        var errors = new ToolOutput(process.StandardError);
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(output.ReadAsync(cancellationToken), errors.ReadAsync(cancellationToken)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await KillAsync(process).ConfigureAwait(false);
            throw;
        }

        return process.ExitCode == 0 ? output.Text : throw Failed(command[0], process.ExitCode, errors);
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new SnapshotterException(
                SnapshotterError.FailedPrecondition, $"cannot start \"{command[0]}\": {exception.Message}; install it, or correct PATH", exception);
        }
    }

    // Waits for the end, so that nothing writes into content that is removed next.
    private static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It has ended meanwhile.
        }
    }

    private static Exception Failed(string program, int exitCode, ToolOutput errors)
    {
        var lines = errors.LastLines;
        var message = lines.Length > 0 ? $"{program} failed: {lines}" : $"{program} failed with exit code {exitCode}";
        return Array.Exists(NoSpace, text => errors.Text.Contains(text, StringComparison.Ordinal))
            ? new SnapshotterException(SnapshotterError.ResourceExhausted, message)
            : new IOException(message);
    }
}
