using System.Net.Sockets;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hosting;

internal sealed class SocketTests
{
    [Test]
    public async Task Only_the_owner_can_use_the_socket()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.That(File.GetUnixFileMode(host.SocketPath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task A_path_of_107_bytes_works()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");
        var path = Path.Combine(folder.FullName, new string('x', 107 - folder.FullName.Length - 1));
        using var stopping = new CancellationTokenSource();
        var run = SnapshotterHost.RunAsync([path, "--log-level", "None"], _ => new Scripted(), stopping.Token);
        using var client = new SnapshotsClient(path);
        await Eventually.TrueAsync(() => File.Exists(path) || run.IsCompleted, "the host listens");

        Assert.That(() => client.Calls.Remove(new() { Key = "k" }), Throws.Nothing);

        await stopping.CancelAsync();
        Assert.That(await run, Is.Zero);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_stale_socket_is_replaced()
    {
        await using var host = await RunningHost.StartAsync((args, token) =>
        {
            LeaveStaleSocket(args[0]);
            return SnapshotterHost.RunAsync(args, _ => new Scripted(), token);
        });

        await Eventually.TrueAsync(() => Answers(host), "the new socket answers");
    }

    [Test]
    public async Task Hosts_with_similar_socket_names_do_not_conflict()
    {
        var folder = Directory.CreateTempSubdirectory("snap-");
        using var stopping = new CancellationTokenSource();
        var paths = Enumerable.Range(0, 8).Select(number => Path.Combine(folder.FullName, $"{number}")).ToList();
        var runs = paths.Select(path => Task.Run(() => SnapshotterHost.RunAsync(
            [path, "--log-level", "None"], _ => new Scripted { OnStat = key => new() { Name = key, Kind = SnapshotKind.Active, Parent = path } }, stopping.Token))).ToList();

        foreach (var path in paths)
        {
            await Eventually.TrueAsync(() => File.Exists(path), $"{path} listens");
            using var client = new SnapshotsClient(path);
            Assert.That(client.Calls.Stat(new() { Key = "k" }).Info.Parent, Is.EqualTo(path));
        }

        await stopping.CancelAsync();
        Assert.That(await Task.WhenAll(runs), Is.All.Zero);
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_file_that_another_program_puts_at_the_path_stays()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());
        File.Delete(host.SocketPath);
        await File.WriteAllTextAsync(host.SocketPath, "precious");

        Assert.That(await host.StopAsync(), Is.Zero);

        Assert.That(await File.ReadAllTextAsync(host.SocketPath), Is.EqualTo("precious"));
    }

    [Test]
    public async Task A_stop_succeeds_if_the_socket_s_directory_is_gone()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());
        var folder = Path.GetDirectoryName(host.SocketPath)!;
        Directory.Delete(folder, recursive: true);

        Assert.That(await host.StopAsync(), Is.Zero);

        Directory.CreateDirectory(folder); // For the fixture to delete.
    }

    [Test]
    public async Task A_stop_leaves_only_the_lock_file_and_frees_the_path()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.That(await host.StopAsync(), Is.Zero);

        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(host.SocketPath)!).Select(Path.GetFileName), Is.EqualTo(new[] { "test.sock.lock" }));
        Assert.That(() => new FileStream(host.SocketPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public async Task A_connection_beyond_the_limit_is_closed_and_the_others_continue()
    {
        await using var host = await RunningHost.StartAsync(new Scripted(), "--max-connections", "1");
        host.Calls.Remove(new() { Key = "k" });

        using (var other = new SnapshotsClient(host.SocketPath))
            Assert.That(() => other.Calls.Remove(new() { Key = "k" }), Throws.InstanceOf<RpcException>());

        Assert.That(() => host.Calls.Remove(new() { Key = "k" }), Throws.Nothing);
    }

    [Test]
    public async Task An_idle_connection_stays_open()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.SocketPath));
        await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray());
        await ReadSettingsAsync(socket);

        // Kestrel checks time-outs once a second.
        Assert.That(socket.Poll(TimeSpan.FromSeconds(3), SelectMode.SelectRead), Is.False, "the server closes the connection or says something");
    }

    // Reads what the server sends first: settings, an acknowledgement of the client's, and a larger window.
    private static async Task ReadSettingsAsync(Socket socket)
    {
        var buffer = new byte[1024];
        for (var acknowledged = false; !acknowledged;)
        {
            var length = await Eventually.Within(socket.ReceiveAsync(buffer, SocketFlags.None));
            Assert.That(length, Is.Positive, "the server has closed the connection");
            acknowledged = buffer.AsSpan(0, length).IndexOf("\0\0\0\u0004\u0001\0\0\0\0"u8) >= 0;
        }
    }

    // Makes the socket file that a killed server leaves.
    private static void LeaveStaleSocket(string path)
    {
        var temporary = path + ".0";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            File.Move(temporary, path); // .NET removes the name that was bound.
        }
    }

    private static bool Answers(RunningHost host) => Rpc.StatusOf(() => host.Calls.Remove(new() { Key = "k" })).StatusCode == StatusCode.OK;
}
