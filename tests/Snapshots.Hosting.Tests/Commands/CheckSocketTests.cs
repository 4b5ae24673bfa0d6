using System.Net.Sockets;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Findings of check about the socket and about accounts.</summary>
internal sealed class CheckSocketTests : CheckTest
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Test]
    public Task Nothing_at_the_path_is_a_note() =>
        AssertFindsAsync("note socket: nothing is at \"FOLDER/test.sock\": no snapshotter serves there now");

    [Test]
    public Task A_directory_of_its_owner_is_fine() => AssertFindsAsync("ok socket: the directory \"FOLDER\" has mode 0700");

    [Test]
    public async Task A_directory_that_is_missing()
    {
        var result = await CheckAsync(HostedCommand.Unnamed, FileOf("missing/test.sock"));

        Assert.That(result.Lines[0], Is.EqualTo($"wrong   socket: the socket's directory \"{FileOf("missing")}\" does not exist: create it, for root alone"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_path_that_is_too_long()
    {
        var result = await CheckAsync(HostedCommand.Unnamed, FileOf(new string('x', 100)));

        Assert.That(result.Lines[0], Does.StartWith("wrong   socket: ").And.Contain("Linux takes 107 at most"));
    }

    [Test]
    public async Task A_file_that_is_no_socket()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");

        await AssertFindsAsync("wrong socket: \"FOLDER/test.sock\" exists and is not a socket: remove it, or choose another path");
    }

    [Test]
    public async Task A_directory_that_everyone_can_write_in()
    {
        File.SetUnixFileMode(FileOf(""), Private | UnixFileMode.OtherWrite);

        await AssertFindsAsync("wrong socket: everyone can write in the directory \"FOLDER\", and put another socket there: chmod o-w FOLDER");
    }

    [Test]
    public async Task A_directory_that_everyone_can_write_in_and_that_is_sticky()
    {
        File.SetUnixFileMode(FileOf(""), Private | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);

        await AssertFindsAsync("ok socket: the directory \"FOLDER\" has mode 1702");
    }

    [Test]
    [Category("Root")]
    public async Task A_directory_that_a_group_can_write_in()
    {
        await ChangeOwnerAsync(":12345", FileOf(""));
        File.SetUnixFileMode(FileOf(""), Private | UnixFileMode.GroupWrite);

        await AssertFindsAsync("warning socket: the group 12345 can write in the directory \"FOLDER\", and put another socket there: chmod g-w FOLDER");
    }

    [Test]
    [Category("Root")]
    public async Task A_directory_of_someone_else()
    {
        await ChangeOwnerAsync("12345", FileOf(""));

        await AssertFindsAsync("wrong socket: the directory \"FOLDER\" belongs to user 12345, who can put another socket there: chown 0 FOLDER");
    }

    [Test]
    public async Task A_stale_socket()
    {
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(FileOf("other")));
            File.Move(FileOf("other"), SocketPath); // .NET removes the name that was bound.
        }

        await AssertFindsAsync("warning socket: no server listens on \"FOLDER/test.sock\", which an earlier one has left: start the snapshotter, which replaces it");
    }

    [Test]
    public async Task A_server_that_listens()
    {
        using var socket = Listen(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await AssertFindsAsync("ok socket: a server listens on \"FOLDER/test.sock\"");
    }

    [Test]
    public async Task A_mode_that_is_not_the_one_asked_for()
    {
        using var socket = Listen(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await AssertFindsAsync(
            "warning socket: \"FOLDER/test.sock\" has mode 0600, and not 0660 as these options say: start the snapshotter again with these options",
            "--socket-mode", "0660");
    }

    [Test]
    [Category("Root")]
    public async Task An_owner_who_is_not_the_one_asked_for()
    {
        Tools.Require();
        using var socket = Listen(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await AssertFindsAsync(
            "warning socket: \"FOLDER/test.sock\" belongs to user 0, and not to 12345 as these options say: run this as the snapshotter's user, or start the snapshotter again with these options",
            "--socket-user", "12345");
    }

    [Test]
    [Category("Root")]
    public async Task A_group_that_is_not_the_one_asked_for()
    {
        Tools.Require();
        using var socket = Listen(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await AssertFindsAsync(
            "warning socket: \"FOLDER/test.sock\" belongs to group 0, and not to 12345 as these options say: start the snapshotter again with these options",
            "--socket-group", "12345");
    }

    [TestCase("--socket-user", "wrong users: there is no user \"no-such-one\": create one, or name another")]
    [TestCase("--socket-group", "wrong users: there is no group \"no-such-one\": create one, or name another")]
    [TestCase("--allow-user", "wrong users: there is no user \"no-such-one\": create one, or name another")]
    public Task Accounts_that_are_not_there(string option, string line) => AssertFindsAsync(line, option, "no-such-one");

    [Test]
    public Task Accounts_that_are_there() => AssertFindsAsync("ok users: the user \"root\", who may connect, is there", "--allow-user", "root");

    private Socket Listen(UnixFileMode mode)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(SocketPath));
        socket.Listen();
        File.SetUnixFileMode(SocketPath, mode);
        return socket;
    }

    private static async Task ChangeOwnerAsync(string owner, string path)
    {
        Tools.Require();
        (await Command.RunAsync(["chown", owner, path])).AssertSucceeded();
    }
}
