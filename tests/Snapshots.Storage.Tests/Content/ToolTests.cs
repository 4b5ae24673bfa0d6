using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>Programs that make content.</summary>
internal sealed class ToolTests
{
    [Test]
    public async Task The_output_of_a_program_is_returned() =>
        Assert.That(await SnapshotTool.RunAsync(["sh", "-c", "cat; echo $LC_ALL"]), Is.EqualTo("C\n"), "Standard input is empty.");

    [Test]
    public async Task A_failure_has_the_last_lines_of_standard_error()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => SnapshotTool.RunAsync(["sh", "-c", "seq 10 >&2; echo last >&2; exit 3"]));

        Assert.That(failure!.Message, Is.EqualTo("sh failed: 7; 8; 9; 10; last"));
    }

    [Test]
    public void A_silent_failure_has_the_exit_code() => Assert.That(
        () => SnapshotTool.RunAsync(["sh", "-c", "exit 3"]), Throws.TypeOf<IOException>().With.Message.EqualTo("sh failed with exit code 3"));

    [TestCase("cp: error writing 'x': No space left on device")]
    [TestCase("cp: error writing 'x': Disk quota exceeded")]
    public void A_full_disk_is_resource_exhausted(string error) => Assert.That(
        () => SnapshotTool.RunAsync(["sh", "-c", $"echo \"{error}\" >&2; exit 1"]),
        Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.ResourceExhausted).And.Message.Contains(error));

    [Test]
    public void A_program_that_is_not_installed_is_named() => Assert.That(
        () => SnapshotTool.RunAsync(["mkfs.none"]),
        Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition).And.Message.Contains("mkfs.none").And.Message.Contains("install"));

    [Test]
    public async Task A_canceled_program_has_ended_when_the_call_returns()
    {
        var folder = Directory.CreateTempSubdirectory("tool-");
        try
        {
            using var canceled = new CancellationTokenSource();
            var pidFile = Path.Combine(folder.FullName, "pid");
            var run = SnapshotTool.RunAsync(["sh", "-c", $"sleep 600 & echo $! >{pidFile}.new; mv {pidFile}.new {pidFile}; wait"], canceled.Token);
            await Eventually.TrueAsync(() => File.Exists(pidFile), "the program runs");

            await canceled.CancelAsync();

            Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>());
            await Eventually.TrueAsync(() => !IsRunning(File.ReadAllText(pidFile).Trim()), "its child has ended");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_long_output_is_cut_and_does_not_block()
    {
        var output = await Eventually.Within(SnapshotTool.RunAsync(["sh", "-c", "seq 1000000; seq 1000000 >&2"]));

        Assert.That(output, Has.Length.LessThanOrEqualTo(64 * 1024).And.EndsWith("1000000\n"));
    }

    // A zombie has ended.
    private static bool IsRunning(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
