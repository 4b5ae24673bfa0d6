using System.CommandLine;
using System.Net.Sockets;
using Containerd.Snapshots.Tests.Fixtures;

namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>A bad set-up ends in one clear sentence and exit code 1.</summary>
[NonParallelizable]
internal sealed class SetupErrorTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("snap-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    private string SocketPath => Path.Combine(_folder.FullName, "test.sock");

    [Test]
    public async Task A_path_of_108_bytes() =>
        await AssertRefusedAsync("has 108 bytes, and Linux allows at most 107", PathOfLength(108));

    [Test]
    public async Task A_path_is_measured_in_bytes() =>
        await AssertRefusedAsync("has 108 bytes", PathOfLength(106) + "ü");

    [Test]
    public async Task A_directory_that_is_missing() =>
        await AssertRefusedAsync("does not exist", Path.Combine(_folder.FullName, "missing", "test.sock"));

    [Test]
    public async Task A_directory_that_cannot_be_written() => await AssertRefusedAsync("cannot write", "/proc/self/test.sock");

    [Test]
    public async Task A_file_that_is_not_a_socket()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");

        await AssertRefusedAsync("is not a socket", SocketPath);

        Assert.That(await File.ReadAllTextAsync(SocketPath), Is.EqualTo("precious"));
    }

    [Test]
    public async Task A_directory_at_the_path()
    {
        Directory.CreateDirectory(SocketPath);
        await AssertRefusedAsync("is not a socket", SocketPath);
    }

    [Test]
    public async Task A_link_at_the_path()
    {
        File.CreateSymbolicLink(SocketPath, "/dev/null");
        await AssertRefusedAsync("is not a socket", SocketPath);
    }

    [Test]
    public async Task A_link_in_place_of_the_socket_s_lock()
    {
        var target = $"{SocketPath}.target";
        File.CreateSymbolicLink($"{SocketPath}.lock", target);

        await AssertRefusedAsync("cannot be used as a lock: remove it", SocketPath);

        Assert.That(File.Exists(target), Is.False);
    }

    [Test]
    public async Task Another_host_that_owns_the_path()
    {
        await using var other = await RunningHost.StartAsync(new Scripted());

        await AssertRefusedAsync("another running server owns", other.SocketPath);

        Assert.That(() => other.Calls.Remove(new() { Key = "k" }), Throws.Nothing, "the other host goes on");
    }

    [Test]
    public async Task Another_program_that_listens_on_the_path()
    {
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(SocketPath));
        other.Listen();

        await AssertRefusedAsync("listens on", SocketPath);
    }

    [Test]
    public async Task A_missing_root() => await AssertRefusedAsync("--root is missing", SocketPath);

    [Test]
    public async Task A_root_that_cannot_be_created() => await AssertRefusedAsync("cannot create the root directory \"/proc/ours\": nothing can be created there", SocketPath, "--root", "/proc/ours");

    [Test]
    public async Task A_root_below_a_file()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        await AssertRefusedAsync($"cannot create the root directory \"{file}/root\": ", SocketPath, "--root", $"{file}/root");
    }

    [Test]
    public async Task A_root_whose_lock_cannot_be_written()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".lock"));
        await AssertRefusedAsync("cannot write in the root directory", SocketPath, "--root", _folder.FullName);
    }

    [Test]
    public async Task A_root_that_is_a_file()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        await AssertRefusedAsync($"the root \"{file}\" is not a directory", SocketPath, "--root", file);
    }

    [Test]
    public async Task A_root_that_another_host_uses()
    {
        var root = Path.Combine(_folder.FullName, "root");
        await using var other = await RunningHost.StartAsync((args, token) => SnapshotterHost.RunAsync(
            [args[0], "--root", root, "--log-level", "None"],
            host =>
            {
                _ = host.Root;
                return new Scripted();
            },
            token));

        await AssertRefusedAsync("another running server uses the root directory", SocketPath, "--root", root);
    }

    [Test]
    public async Task A_root_that_is_empty() => await AssertRefusedAsync("--root is missing", SocketPath, "--root", "");

    [Test]
    public async Task A_path_that_is_empty() => await AssertRefusedAsync("path is empty", "");

    [Test]
    public async Task A_path_that_is_an_address() => await AssertRefusedAsync("leave out \"unix:\"", $"unix://{SocketPath}");

    [Test]
    public async Task A_snapshotter_that_cannot_be_made_and_says_why()
    {
        var (exitCode, error) = await RunAsync([SocketPath], _ => throw SnapshotterException.Unavailable("the pool is missing: create it"));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(error.Trim(), Does.EndWith(": the pool is missing: create it").And.Not.Contain('\n'));
        });
    }

    [Test]
    public async Task A_snapshotter_whose_creation_fails_unexpectedly()
    {
        var (exitCode, error) = await RunAsync([SocketPath], _ => throw new IOException("The disk is gone."));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(error.Trim(), Does.EndWith(": cannot create Scripted: The disk is gone (IOException); --log-level debug shows where").And.Not.Contain('\n'));
        });
    }

    [Test]
    public async Task A_snapshotter_whose_creation_fails_later()
    {
        var (exitCode, error) = await CaptureAsync(() => SnapshotterHost.RunAsync<Scripted>([SocketPath], async _ =>
        {
            await Task.Yield();
            throw SnapshotterException.Unavailable("the pool is missing: create it");
        }));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.Trim(), Does.EndWith(": the pool is missing: create it").And.Not.Contain('\n'));
    }

    [Test]
    public async Task A_snapshotter_whose_creation_times_out()
    {
        var (exitCode, error) = await RunAsync([SocketPath], _ => throw new TaskCanceledException("The registry did not answer."));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("cannot create Scripted: The registry did not answer (TaskCanceledException)"));
    }

    [Test]
    public async Task The_stack_of_a_failed_creation_is_logged_at_level_debug()
    {
        var (_, error) = await RunAsync([SocketPath, "--log-level", "debug"], _ => throw new IOException("The disk is gone."));

        Assert.That(error, Does.Contain("Cannot create Scripted").And.Contain($"{nameof(SetupErrorTests)}."));
    }

    [Test]
    public async Task A_command_line_without_a_socket() => await AssertRefusedAsync("the socket's path is missing");

    [Test]
    public async Task An_unknown_log_level() => await AssertRefusedAsync("Loud", SocketPath, "--log-level", "Loud");

    [TestCase("--log-level", "3")]
    [TestCase("--log-format", "Xml")]
    [TestCase("--socket-mode", "0900")]
    [TestCase("--socket-mode", "rw")]
    [TestCase("--socket-user", "nobody-of-that-name")]
    [TestCase("--socket-group", "no-such-group")]
    [TestCase("--allow-user", "nobody-of-that-name")]
    [TestCase("--max-connections", "0")]
    [TestCase("--max-calls", "many")]
    [TestCase("--max-calls", "10001")]
    [TestCase("--max-queued-calls", "-1")]
    [TestCase("--max-request-size", "1024")]
    [TestCase("--call-timeout", "Stat")]
    [TestCase("--call-timeout", "Rename=1s", "Rename")]
    [TestCase("--call-timeout", "Stat=0s", "0s")]
    [TestCase("--call-timeout", "Stat=30", "30")]
    [TestCase("--call-timeout", "Stat=100000h", "100000h")]
    [TestCase("--drain-time", "soon")]
    public async Task A_value_that_an_option_cannot_have(string option, string value, string? named = null) =>
        await AssertRefusedAsync($"\"{named ?? value}\"", SocketPath, option, value);

    [Test]
    public async Task The_user_that_stands_for_all_users_of_other_namespaces() =>
        await AssertRefusedAsync("65534 stands for every user", SocketPath, "--allow-user", "65534");

    private async Task AssertRefusedAsync(string sentence, params string[] args)
    {
        var (exitCode, error) = await RunAsync(args, host =>
        {
            _ = host.Root;
            return new Scripted();
        });

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(error, Does.Contain(sentence));
            Assert.That(error.Replace($"\n{RootCommand.ExecutableName}: see --help", "", StringComparison.Ordinal).Trim(), Does.Not.Contain('\n'), "one sentence");
        });
    }

    private static Task<(int ExitCode, string Error)> RunAsync(string[] args, Func<SnapshotterHostContext, Scripted> create) =>
        CaptureAsync(() => SnapshotterHost.RunAsync(args, create));

    private static async Task<(int ExitCode, string Error)> CaptureAsync(Func<Task<int>> run)
    {
        var (before, error) = (Console.Error, new StringWriter());
        Console.SetError(error);
        try
        {
            return (await Eventually.Within(run()), error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    private string PathOfLength(int length) => Path.Combine(_folder.FullName, new string('x', length - _folder.FullName.Length - 1));
}
