using System.CommandLine;
using Containerd.Snapshots.Tests.Hosting.Commands;

namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>A command line that cannot be parsed gives a few lines on standard error and none on standard output.</summary>
[NonParallelizable]
internal sealed class CommandLineTests
{
    private static readonly string Program = RootCommand.ExecutableName;

    [Test]
    public Task An_error_names_the_mistake_and_the_help() => AssertRefusedAsync(
        [$"{Program}: \"3\" is not a supported version of containerd: choose one of 1.6, 1.7, 2", $"{Program}: see --help"],
        "config", "/run/a.sock", "--containerd", "3");

    [Test]
    public Task An_error_suggests_a_similar_option() => AssertRefusedAsync(
        [
            $"{Program}: Unrecognized command or argument '--socket-mod'.",
            $"{Program}: Unrecognized command or argument '0660'.",
            $"{Program}: \"--socket-mod\" is not an option: did you mean --socket-mode?",
            $"{Program}: see --help",
        ],
        "/run/a.sock", "--socket-mod", "0660");

    [TestCase("--log-levl=debug", "\"--log-levl\" is not an option: did you mean --log-level?")]
    [TestCase("--max", "\"--max\" is not an option: did you mean --max-connections or --max-calls or --max-queued-calls or --max-request-size?")]
    [TestCase("--hlep", "\"--hlep\" is not an option: did you mean --help?")]
    [TestCase("chekc", "\"chekc\" is not a command: did you mean check?")]
    public Task An_unknown_word_gets_a_similar_option_or_command(string word, string suggestion) => AssertRefusedAsync(
        [$"{Program}: Unrecognized command or argument '{word}'.", $"{Program}: {suggestion}", $"{Program}: see --help"],
        "/run/a.sock", word);

    [TestCase("/tmp")]
    [TestCase("--unlike")]
    [TestCase("0660")]
    public Task A_word_that_resembles_nothing_gets_no_suggestion(string word) => AssertRefusedAsync(
        [$"{Program}: Unrecognized command or argument '{word}'.", $"{Program}: see --help"],
        "/run/a.sock", word);

    [Test]
    public Task An_option_that_is_taken_for_the_socket_gets_a_suggestion() => AssertRefusedAsync(
        [
            $"{Program}: Unrecognized command or argument '/tmp'.",
            $"{Program}: Unrecognized command or argument '/run/a.sock'.",
            $"{Program}: \"--roto\" is not an option: did you mean --root?",
            $"{Program}: see --help",
        ],
        "--roto", "/tmp", "/run/a.sock");

    [TestCase("chekc")]
    [TestCase("--socket-mod=0660")]
    public async Task A_misspelled_command_or_option_is_not_taken_for_a_socket(string word)
    {
        await AssertRefusedAsync([$"{Program}: \"{word}\" is neither a command (config, check) nor an option; if it is the socket's path, write \"./{word}\""], word);

        Assert.That(File.Exists($"{word}.lock"), Is.False, "nothing is created");
    }

    private static async Task AssertRefusedAsync(string[] lines, params string[] args)
    {
        var result = await HostedCommand.RunAsync(HostedCommand.Unnamed, args);

        Assert.Multiple(() =>
        {
            Assert.That(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(lines));
            Assert.That(result.Output, Is.Empty);
            Assert.That(result.ExitCode, Is.EqualTo(1));
        });
    }
}
