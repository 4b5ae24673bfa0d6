using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>Socket activation, by a small program in place of systemd.</summary>
internal sealed class ActivationTests
{
    private DirectoryInfo _folder = null!;
    private string _activator = null!;
    private string _hello = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        _folder = Directory.CreateTempSubdirectory("host-");
        _activator = await GoProgram.BuildAsync("tests/System/Activator/main.go", _folder.FullName);
        _hello = await PublishedSample.Hello.PathAsync();
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    private string SocketPath => Path.Combine(_folder.FullName, "test.sock");

    private string[] Command => [_hello, "--root", Path.Combine(_folder.FullName, "root"), "--log-level", "Information"];

    [Test]
    public async Task It_serves_on_the_passed_socket()
    {
        await using var server = await Activated.StartAsync(_activator, SocketPath, Command);

        Rpc.Fails(StatusCode.NotFound, () => server.Client.Calls.Stat(new() { Key = "k" }));
        Assert.That(server.Log, Does.Contain($"Listening on {SocketPath}"));
        Assert.That(Directory.GetFiles(_folder.FullName), Has.None.EndsWith(".lock"));
    }

    [Test]
    public async Task The_path_may_be_given_too_if_it_is_the_same()
    {
        await using var server = await Activated.StartAsync(_activator, SocketPath, [_hello, SocketPath, .. Command[1..]]);

        Rpc.Fails(StatusCode.NotFound, () => server.Client.Calls.Stat(new() { Key = "k" }));
    }

    [Test]
    public async Task The_descriptor_is_closed_on_exec()
    {
        await using var server = await Activated.StartAsync(_activator, SocketPath, Command);
        Rpc.Fails(StatusCode.NotFound, () => server.Client.Calls.Stat(new() { Key = "k" }));

        var flags = File.ReadLines($"/proc/{server.Server}/fdinfo/3").Single(static line => line.StartsWith("flags:", StringComparison.Ordinal));

        Assert.That(Convert.ToInt32(flags.Split('\t')[1].Trim(), 8) & 0x80000, Is.Not.Zero, "O_CLOEXEC");
    }

    [TestCase("--socket-mode", "0660", "set SocketMode=")]
    [TestCase("--socket-user", "root", "SocketUser=")]
    [TestCase("--socket-group", "root", "SocketGroup=")]
    [TestCase("/elsewhere/test.sock", null, "leave out the path")]
    public async Task Options_that_systemd_decides_are_refused(string option, string? value, string sentence)
    {
        var result = await Processes.Command.RunAsync([_activator, SocketPath, .. Command, option, .. (value is null ? (string[])[] : [value])]);

        Assert.That(result.Error, Does.Contain(sentence));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_descriptor_that_is_no_socket_is_refused()
    {
        var result = await Processes.Command.RunAsync(
            ["bash", "-c", "exec 3</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"", "bash", .. Command]);

        Assert.That(result.Error, Does.Contain("what systemd has passed is not a"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Two_sockets_are_refused()
    {
        var result = await Processes.Command.RunAsync(["bash", "-c", "LISTEN_PID=$$ LISTEN_FDS=2 exec \"$@\"", "bash", .. Command]);

        Assert.That(result.Error, Does.Contain("systemd has passed 2 sockets: the socket unit must have one ListenStream="));
    }

    [Test]
    public async Task Descriptors_for_another_process_are_ignored()
    {
        var result = await Processes.Command.RunAsync(["env", "LISTEN_PID=1", "LISTEN_FDS=1", .. Command]);

        Assert.That(result.Error, Does.Contain("the socket's path is missing"));
    }

    [Test]
    public async Task The_next_server_serves_on_the_same_socket_whether_the_one_before_was_stopped_or_killed()
    {
        await using var server = await Activated.StartAsync(_activator, SocketPath, Command);
        Rpc.Fails(StatusCode.NotFound, () => server.Client.Calls.Stat(new() { Key = "k" }));

        await server.RestartAsync();
        await Eventually.TrueAsync(() => Answers(server), "the second server answers");
        await server.KillAsync();
        await Eventually.TrueAsync(() => Answers(server), "the third server answers");
    }

    private static bool Answers(Activated server) =>
        Rpc.StatusOf(() => server.Client.Calls.Stat(new() { Key = "k" })).StatusCode == StatusCode.NotFound;
}
