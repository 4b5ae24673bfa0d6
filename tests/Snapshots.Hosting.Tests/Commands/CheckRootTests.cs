using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Findings of check about the root directory, and those of a program's own checks.</summary>
internal sealed class CheckRootTests : CheckTest
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Test]
    public Task A_directory_of_its_owner_is_fine() => AssertFindsAsync("ok root: \"FOLDER/root\" has mode 0700");

    [Test]
    public async Task A_missing_root_is_left_to_the_snapshotter()
    {
        Directory.Delete(Root);

        await AssertFindsAsync("ok root: \"FOLDER/root\" does not exist yet: the snapshotter creates it");

        Assert.That(Directory.Exists(Root), Is.False, "it creates nothing");
    }

    [Test]
    public async Task A_root_that_cannot_be_created()
    {
        await File.WriteAllTextAsync(FileOf("file"), "");

        await AssertFindsAsync(
            "wrong root: \"FOLDER/file/root\" does not exist, and cannot: \"FOLDER/file\" is not a directory: move it away, or choose another one",
            "--root", FileOf("file/root"));
    }

    [Test]
    public async Task A_file_in_its_place()
    {
        Directory.Delete(Root);
        await File.WriteAllTextAsync(Root, "");

        await AssertFindsAsync("wrong root: \"FOLDER/root\" is not a directory: move it away, or choose another one");
    }

    [TestCase(UnixFileMode.GroupWrite, "0720")]
    [TestCase(UnixFileMode.OtherWrite, "0702")]
    public async Task A_root_that_others_can_write_in(UnixFileMode others, string mode)
    {
        File.SetUnixFileMode(Root, Private | others);

        await AssertFindsAsync($"wrong root: others can write in \"FOLDER/root\" (mode {mode}), and change what containers run: chmod go-w FOLDER/root");
    }

    [Test]
    public async Task A_root_that_others_can_enter()
    {
        File.SetUnixFileMode(Root, Private | UnixFileMode.OtherExecute);

        await AssertFindsAsync("note root: others can enter \"FOLDER/root\" (mode 0701), and may run the setuid programs of images: mode 0700 keeps them out");
    }

    [Test]
    [Category("Root")]
    public async Task A_root_of_another_user()
    {
        Tools.Require();
        (await Command.RunAsync(["chown", "12345", Root])).AssertSucceeded();

        await AssertFindsAsync("wrong root: \"FOLDER/root\" belongs to user 12345, who can change what containers run: chown 0 FOLDER/root");
    }

    [Test]
    public async Task Space_and_file_system_are_printed()
    {
        var result = await CheckAsync(HostedCommand.Unnamed, SocketPath);

        Assert.That(result.Output, Does.Match($"root: the file system of \"{Root}\" is [a-z0-9]+, with [0-9]+ MB( and [0-9]+ inodes)? free"));
    }

    [Test]
    [Category("Root")]
    public async Task A_file_system_with_little_space_and_a_full_one()
    {
        await using var mount = await MountAsync("size=1m,nr_inodes=20k");

        await AssertFindsAsync("warning root: the file system of \"FOLDER/root\" is tmpfs, with 1 MB and 20479 inodes free: it is short of space for images: free some, or choose another one");
        await File.WriteAllBytesAsync(Path.Combine(Root, "filler"), new byte[1 << 20]);
        await AssertFindsAsync("wrong root: the file system of \"FOLDER/root\" is tmpfs, with 0 MB and 20478 inodes free: it has no space left: free some");
    }

    [Test]
    [Category("Root")]
    public async Task A_file_system_with_few_inodes_and_one_without()
    {
        await using var mount = await MountAsync("size=2g,nr_inodes=2");

        await AssertFindsAsync("warning root: the file system of \"FOLDER/root\" is tmpfs, with 2048 MB and 1 inodes free: it is short of inodes for images: free some, or choose another one");
        await File.WriteAllTextAsync(Path.Combine(Root, "filler"), "");
        await AssertFindsAsync("wrong root: the file system of \"FOLDER/root\" is tmpfs, with 2048 MB and 0 inodes free: it has no inodes left: free some");
    }

    [Test]
    [Category("Root")]
    public async Task A_file_system_that_is_read_only()
    {
        await using var mount = await MountAsync("ro");

        await AssertFindsAsync("wrong root: the file system of \"FOLDER/root\" is read-only: make it writable, or choose another one");
        await AssertFindsAsync("wrong root: the file system of \"FOLDER/root\" is read-only: make it writable, or choose another one", "--root", FileOf("root/below"));
    }

    [Test]
    public async Task Several_snapshotters_have_a_root_each()
    {
        var result = await CheckAsync(HostedCommand.Named, SocketPath);

        Assert.That(result.Output, Does.Contain($"root of fast: \"{Root}/fast\" does not exist yet").And.Contain($"root of cheap: \"{Root}/cheap\" does not exist yet"));
    }

    [TestCase(SnapshotterCheckLevel.Ok, "ok pool: seen")]
    [TestCase(SnapshotterCheckLevel.Note, "note pool: seen")]
    [TestCase(SnapshotterCheckLevel.Warning, "warning pool: seen: act")]
    [TestCase(SnapshotterCheckLevel.Wrong, "wrong pool: seen: act")]
    public Task A_program_s_own_check_has_its_lines(SnapshotterCheckLevel level, string line) => AssertFindsAsync(
        args => HostedCommand.Unnamed(args).AddCheck("pool", _ => [level switch
        {
            SnapshotterCheckLevel.Ok => SnapshotterCheckResult.Ok("seen"),
            SnapshotterCheckLevel.Note => SnapshotterCheckResult.Note("seen"),
            SnapshotterCheckLevel.Warning => SnapshotterCheckResult.Warning("seen", "act"),
            _ => SnapshotterCheckResult.Wrong("seen", "act"),
        }]),
        line);

    [Test]
    public Task A_check_that_fails_is_wrong_and_the_others_go_on() => AssertFindsAsync(
        args => HostedCommand.Unnamed(args)
            .AddCheck("broken", _ => throw new InvalidOperationException("no such\npool"))
            .AddCheck("pool", _ => throw SnapshotterException.Unavailable("it is away")),
        "wrong broken: cannot look further: no such pool");

    [Test]
    public Task A_check_is_run_for_each_snapshotter_with_its_command_line() => AssertFindsAsync(
        args => HostedCommand.Named(args).AddCheck("pool", given => [SnapshotterCheckResult.Ok($"{given.Name} {given.SocketPath} {given.Root}")]),
        "ok pool of cheap: cheap FOLDER/test.sock FOLDER/root/cheap");

    private async Task<IAsyncDisposable> MountAsync(string options)
    {
        Tools.Require("mount", "umount");
        (await Command.RunAsync(["mount", "-t", "tmpfs", "-o", $"mode=700,{options}", "tmpfs", Root])).AssertSucceeded();
        return new Mounted(Root);
    }

    private sealed record Mounted(string Path) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await Command.RunAsync(["umount", Path])).AssertSucceeded();
    }
}
