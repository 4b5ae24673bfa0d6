using System.CommandLine;

namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Commands that a program adds.</summary>
internal sealed class OwnCommandTests
{
    private static readonly Option<int> Depth = new("--depth");
    private static readonly Argument<string> Reference = new("ref");

    [Test]
    public async Task A_command_gets_its_arguments_the_root_and_the_programs_options()
    {
        var result = await RunAsync("fetch", "image:1", "--root", "/data", "--depth", "3");

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((3, "image:1 of /data\n")));
    }

    [Test]
    public async Task A_failure_is_one_sentence()
    {
        var result = await RunAsync("fetch", "missing");

        Assert.That((result.ExitCode, result.Error.ReplaceLineEndings("\n")), Is.EqualTo((1, "testhost: no such image\n")));
    }

    [Test]
    public async Task Help_lists_the_command() => Assert.That((await RunAsync("--help")).Output, Does.Contain("fetch <ref>").And.Contain("Fetches an image."));

    [TestCase("config")]
    [TestCase("check")]
    [TestCase("fetch")]
    public void A_command_with_a_name_in_use_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => Program([]).AddCommand(new(name), (_, _, _) => Task.FromResult(0)));

    private static Task<HostedCommand> RunAsync(params string[] args) => HostedCommand.RunAsync(Program, args);

    private static SnapshotterHostBuilder Program(string[] args) => HostedCommand.Unnamed(args)
        .AddOption(Depth)
        .AddCommand(new("fetch", "Fetches an image.") { Reference }, (given, parsed, _) =>
        {
            if (parsed.GetValue(Reference) == "missing")
                throw SnapshotterException.FailedPrecondition("no such image");

            parsed.InvocationConfiguration.Output.Write($"{parsed.GetValue(Reference)} of {given.Root}\n");
            return Task.FromResult(given.GetValue(Depth));
        });
}
