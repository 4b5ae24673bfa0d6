using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>The command check of the published program.</summary>
internal sealed class CheckTests : OverlayTest
{
    [Test]
    public async Task SQLite_is_found_and_nothing_is_created()
    {
        var check = await CheckAsync(Binary);

        Assert.That(check.Output, Does.Match("(?m)^ok      store: SQLite 3\\.[0-9.]+ can be loaded$").And.Contain("ok      overlay: "));
        Assert.That(Directory.Exists(Root.Path), Is.False);
    }

    [Test]
    public async Task A_missing_SQLite_is_reported()
    {
        File.Copy(Binary, FileOf("overlay-snapshotter"));

        var check = await CheckAsync(FileOf("overlay-snapshotter"));

        Assert.That(check.Output, Does.Contain("wrong   store: libe_sqlite3.so cannot be loaded: copy it from the published output to the program's directory\n"));
        Assert.That(check.ExitCode, Is.EqualTo(1));
    }

    [TestCase("volatile", 0)]
    [TestCase("lowerdir=/other", 1)]
    public async Task Mount_options_are_checked(string options, int exitCode)
    {
        var check = await CheckAsync(Binary, "--mount-options", options);

        Assert.That(check.ExitCode, Is.EqualTo(exitCode), check.ToString());
    }

    private async Task<CommandResult> CheckAsync(string binary, params IReadOnlyList<string> options)
    {
        File.SetUnixFileMode(FileOf(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await Command.RunAsync([binary, "check", FileOf("test.sock"), "--root", Root.Path, "--containerd-config", FileOf("none.toml"), .. options]);
    }
}
