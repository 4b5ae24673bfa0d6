using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>The log for systemd's journal: each line begins with its level.</summary>
internal sealed class JournalTests : HelloTest
{
    // Starts a command with the variable by which systemd announces the journal's stream.
    private static readonly string[] InJournal = ["bash", "-c", "JOURNAL_STREAM=$(stat --dereference --format %d:%i /proc/self/fd/2) exec \"$@\"", "bash"];

    [Test]
    public async Task Each_line_has_its_level()
    {
        await using var process = await StartAsync([.. InJournal, Hello]);

        var (_, log) = await process.StopAsync("TERM");

        Assert.That(Lines(log), Has.All.Match("^<[67]>").And.Some.Match("^<6>.* Listening on ").And.Some.Match("^<7>.* Stat "));
    }

    [Test]
    public async Task The_reason_of_a_failed_start_has_the_level_error()
    {
        var result = await Command.RunAsync([.. InJournal, Hello]);

        Assert.That(result.Error, Does.StartWith("<3>hello-snapshotter: the socket's path is missing"));
    }

    [Test]
    public async Task Lines_have_no_level_if_the_stream_is_not_the_journal_s()
    {
        await using var process = await StartAsync(["env", "JOURNAL_STREAM=1:2", Hello]);

        var (_, log) = await process.StopAsync("TERM");

        Assert.That(Lines(log), Has.None.StartsWith("<").And.Some.Match("^[0-9TZ:.-]+ info: .* Listening on "));
    }

    [Test]
    public async Task JSON_stays_JSON()
    {
        await using var process = await StartAsync([.. InJournal, Hello], "--log-format", "json");

        var (_, log) = await process.StopAsync("TERM");

        Assert.That(Lines(log), Has.All.StartsWith("{"));
    }

    private Task<NativeProcess> StartAsync(IReadOnlyList<string> command, params string[] options) =>
        NativeProcess.StartAsync(command, Path.Combine(Folder.FullName, "test.sock"), Path.Combine(Folder.FullName, "root"), options);

    private static string[] Lines(string log) => log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
