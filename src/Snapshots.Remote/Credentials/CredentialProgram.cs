using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>Runs a program that has credentials: it gets a question on standard input, and answers on standard output.</summary>
internal sealed class CredentialProgram(TimeSpan limit, TimeProvider time)
{
    private const int MaxAnswer = 1 << 20;

    /// <summary>Runs a program to its end. It and its children are killed at the time limit. What it writes is never logged.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="question">The standard input.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <returns>The exit code and the standard output, up to 1 MiB.</returns>
    /// <exception cref="RegistryException">Misconfigured: it cannot be started, takes too long, or answers too much.</exception>
    public async Task<(int ExitCode, string Answer)> RunAsync(
        IReadOnlyList<string> command, IReadOnlyList<KeyValuePair<string, string>> environment, string question, CancellationToken cancellationToken)
    {
        using var process = Start(command, environment);
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var errors = DrainAsync(process.StandardError, either.Token);
            await AskAsync(process.StandardInput, question, either.Token).ConfigureAwait(false);
            var answer = await ReadAsync(process.StandardOutput, command[0], either.Token).ConfigureAwait(false);
            await Task.WhenAll(errors, process.WaitForExitAsync(either.Token)).ConfigureAwait(false);
            return (process.ExitCode, answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Wrong($"{command[0]} did not answer within {limit.TotalSeconds:0} s");
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(IReadOnlyList<string> command, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or ArgumentException)
        {
            throw Wrong($"cannot start {command[0]}: {exception.Message}", exception);
        }
    }

    private static async Task AskAsync(StreamWriter input, string question, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(question.AsMemory(), cancellationToken).ConfigureAwait(false);
            await input.FlushAsync(cancellationToken).ConfigureAwait(false);
            input.Close();
        }
        catch (IOException)
        {
            // It answers, or fails, without reading the question.
        }
    }

    private static async Task<string> ReadAsync(StreamReader output, string program, CancellationToken cancellationToken)
    {
        var answer = new StringBuilder();
        var buffer = new char[4096];
        int length;
        while ((length = await output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (answer.Length + length > MaxAnswer)
                throw Wrong($"{program} answers more than 1 MiB");
            answer.Append(buffer, 0, length);
        }

        return answer.ToString();
    }

    private static async Task DrainAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        while (await errors.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
        {
            // It may say what is secret.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It has ended.
        }
    }

    private static RegistryException Wrong(string message, Exception? cause = null) => new(RegistryError.Misconfigured, message, cause);
}
