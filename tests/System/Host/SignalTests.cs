using System.Text.Json;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>A native server's stop by signals, and its log.</summary>
internal sealed class SignalTests : HelloTest
{
    private string SocketPath => Path.Combine(Folder.FullName, "test.sock");

    [TestCase("TERM", 15)]
    [TestCase("INT", 2)]
    public async Task A_second_signal_ends_it_at_once_while_the_first_waits_for_a_call(string signal, int number)
    {
        await using var process = await StartAsync("--drain-time", "1h");
        using var call = new UnfinishedCall(SocketPath);
        await Eventually.Within(call.Begun);

        await process.SignalAsync(signal);
        await Eventually.TrueAsync(() => !File.Exists(SocketPath), "the socket is gone");
        var (exitCode, _) = await process.StopAsync(signal);

        Assert.That(exitCode, Is.EqualTo(128 + number));
    }

    [Test]
    public async Task It_stops_waiting_after_the_drain_time()
    {
        await using var process = await StartAsync("--drain-time", "100ms");
        using var call = new UnfinishedCall(SocketPath);
        await Eventually.Within(call.Begun);

        var (exitCode, _) = await process.StopAsync("TERM");

        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task Each_line_of_the_log_can_be_a_JSON_object()
    {
        await using var process = await StartAsync("--log-format", "json");

        var (_, log) = await process.StopAsync("TERM");

        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(lines.Select(static line => line.GetProperty("Message").GetString()), Does.Contain($"Listening on {SocketPath}"));
        Assert.That(lines.Select(static line => line.GetProperty("LogLevel").GetString()), Does.Contain("Debug"));
    }

    private Task<NativeProcess> StartAsync(params string[] options) =>
        NativeProcess.StartAsync(Hello, SocketPath, Path.Combine(Folder.FullName, "root"), options);
}
