using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>Whose processes may connect, with real ones.</summary>
internal sealed class PeerTests
{
    private const string Somebody = "12345", SomebodyElse = "12346";

    private const UnixFileMode Open = (UnixFileMode)0x1FF; // 0777: every user comes as far as the socket.

    private string _client = null!;
    private string _hello = null!;
    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public async Task BuildClient()
    {
        // Not below the folder for temporary files, which may be its owner's alone.
        _folder = new((await Command.RunAsync(["mktemp", "-d", "/tmp/peers.XXXXXX"])).AssertSucceeded().Output.Trim());
        _client = await GoProgram.BuildAsync("tests/System/GoClient/main.go", _folder.FullName);
        File.SetUnixFileMode(_folder.FullName, Open);

        // Where it was published, only its owner may come.
        _hello = Path.Combine(_folder.FullName, "hello-snapshotter");
        File.Copy(await PublishedSample.Hello.PathAsync(), _hello);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Root_may()
    {
        await using var process = await StartAsync();

        Assert.That(await StatAsync(process, "0"), Does.StartWith("NotFound"));
    }

    [Test]
    public async Task Others_are_cut_off_before_any_call_and_named_in_the_log()
    {
        await using var process = await StartAsync();

        var answer = await StatAsync(process, Somebody);

        Assert.That(answer, Does.StartWith("Unavailable"));
        var (_, log) = await process.StopAsync("TERM");
        Assert.That(log, Does.Match("Closed a connection of process [0-9]+ of user 12345: [^(]* may connect\n"));
    }

    [Test]
    public async Task Others_may_whom_the_operator_allows()
    {
        await using var process = await StartAsync("--allow-user", Somebody);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await StatAsync(process, Somebody), Does.StartWith("NotFound"));
            Assert.That(await StatAsync(process, SomebodyElse), Does.StartWith("Unavailable"));
        });
    }

    [Test]
    public async Task The_server_s_own_user_may_and_so_may_root()
    {
        await using var process = await NativeProcess.StartAsync(
            [.. As(Somebody), _hello], Path.Combine(NewFolder(), "test.sock"), NewFolder(), "--socket-mode", "0666");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await StatAsync(process, Somebody), Does.StartWith("NotFound"));
            Assert.That(await StatAsync(process, "0"), Does.StartWith("NotFound"));
            Assert.That(await StatAsync(process, SomebodyElse), Does.StartWith("Unavailable"));
        });
    }

    [Test]
    public async Task A_user_who_has_no_number_here_may_not_nor_is_a_process_of_another_namespace_a_puzzle()
    {
        await using var process = await StartAsync();

        // Root in a user namespace of his own is nobody outside of it.
        var answer = await Command.RunAsync(
            [.. As(Somebody), "unshare", "--user", "--map-root-user", "--pid", "--fork", _client, process.SocketPath, "stat", "k"]);

        Assert.That(answer.Output, Does.StartWith("Unavailable"));
        var (_, log) = await process.StopAsync("TERM");
        Assert.That(log, Does.Match("Closed a connection of process [0-9]+ of user 12345"));
    }

    private string NewFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"))).FullName;
        File.SetUnixFileMode(folder, Open);
        return folder;
    }

    private Task<NativeProcess> StartAsync(params string[] options) =>
        NativeProcess.StartAsync([_hello], Path.Combine(NewFolder(), "test.sock"), NewFolder(), ["--socket-mode", "0666", .. options]);

    private async Task<string> StatAsync(NativeProcess process, string user) =>
        (await Command.RunAsync([.. As(user), _client, process.SocketPath, "stat", "k"])).AssertSucceeded().Output;

    private static string[] As(string user) => ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups"];
}
