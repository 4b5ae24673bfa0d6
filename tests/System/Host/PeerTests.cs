using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>Which users may connect, tested with real processes.</summary>
internal sealed class PeerTests
{
    private const string Somebody = "12345", SomebodyElse = "12346";

    private const UnixFileMode Open = (UnixFileMode)0x1FF; // 0777: every user reaches the socket.

    private string _client = null!;
    private string _hello = null!;
    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public async Task BuildClient()
    {
        // Not below the folder for temporary files, which other users may be unable to enter.
        _folder = new((await Command.RunAsync(["mktemp", "-d", "/tmp/peers.XXXXXX"])).AssertSucceeded().Output.Trim());
        _client = await GoProgram.BuildAsync("tests/System/GoClient/main.go", _folder.FullName);
        File.SetUnixFileMode(_folder.FullName, Open);

        // Other users may be unable to enter the folder where it was published.
        _hello = Path.Combine(_folder.FullName, "hello-snapshotter");
        File.Copy(await PublishedSample.Hello.PathAsync(), _hello);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Root_may_connect()
    {
        await using var process = await StartAsync();

        Assert.That(await StatAsync(process, "0"), Does.StartWith("NotFound"));
    }

    [Test]
    public async Task Other_users_are_disconnected_before_any_call_and_logged()
    {
        await using var process = await StartAsync();

        var answer = await StatAsync(process, Somebody);

        Assert.That(answer, Does.StartWith("Unavailable"));
        var (_, log) = await process.StopAsync("TERM");
        Assert.That(log, Does.Match("Closed a connection of process [0-9]+ of user 12345: [^(]* may connect\n"));
    }

    [Test]
    public async Task Users_that_the_operator_allows_may_connect()
    {
        await using var process = await StartAsync("--allow-user", Somebody);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await StatAsync(process, Somebody), Does.StartWith("NotFound"));
            Assert.That(await StatAsync(process, SomebodyElse), Does.StartWith("Unavailable"));
        });
    }

    [Test]
    public async Task The_server_s_own_user_and_root_may_connect()
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
    public async Task Root_of_another_user_namespace_may_not_connect_and_is_logged()
    {
        await using var process = await StartAsync();

        // Root of a user namespace is an ordinary user outside of it.
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
