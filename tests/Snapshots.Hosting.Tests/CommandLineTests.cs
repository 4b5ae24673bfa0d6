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
        [$"{Program}: \"3\" is not a version of containerd that is known here: choose one of 1.6, 1.7, 2", $"{Program}: see --help"],
        "config", "/run/a.sock", "--containerd", "3");

    [Test]
    public Task An_error_suggests_a_similar_option() => AssertRefusedAsync(
        [
            $"{Program}: Unrecognized command or argument '--socket-mod'.",
            $"{Program}: Unrecognized command or argument '0660'.",
            $"{Program}: '--socket-mod' was not matched. Did you mean one of the following? --socket-mode",
            $"{Program}: see --help",
        ],
        "/run/a.sock", "--socket-mod", "0660");

    [TestCase("chekc")]
    [TestCase("--socket-mod=0660")]
    public async Task A_misspelled_command_or_option_is_not_taken_for_a_socket(string word)
    {
        await AssertRefusedAsync([$"{Program}: \"{word}\" is no command (config, check) and no option, and as a socket's path it has to be written \"./{word}\""], word);

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
