using System.Net.Sockets;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Tests.Erofs.Fuse;

/// <summary>The process that keeps a descriptor, here on a thread.</summary>
internal sealed class FuseKeeperTests
{
    private DirectoryInfo _folder = null!;
    private FuseKeeper _keeper = null!;
    private Task _running = Task.CompletedTask;

    private string Socket => $"{_folder.FullName}/keeper.sock";

    [SetUp]
    public void Begin()
    {
        _folder = Directory.CreateTempSubdirectory("keeper-");
        _keeper = FuseKeeper.Listen(Socket);
        _running = Task.Run(() => _keeper.RunAsync());
    }

    [TearDown]
    public async Task EndAsync()
    {
        FuseKeeper.End(Socket);
        await Eventually.Within(_running);
        _keeper.Dispose();
        _folder.Delete(recursive: true);
    }

    [Test]
    public void A_descriptor_is_kept_and_replaced()
    {
        Assert.That(FuseKeeper.Take(Socket), Is.Null);
        for (byte i = 1; i <= 3; i++)
        {
            using (var file = Open($"content {i}"))
                Assert.That(FuseKeeper.Keep(Socket, file, [i, 2]), Is.True);

            for (var again = 0; again < 3; again++)
            {
                var kept = FuseKeeper.Take(Socket)!;
                using var device = kept.Device;
                Assert.That(kept.State, Is.EqualTo(new byte[] { i, 2 }));
                Assert.That(Read(device), Is.EqualTo($"content {i}"));
            }
        }
    }

    [Test]
    public void Nothing_leaks()
    {
        using var file = Open("content");
        FuseKeeper.Keep(Socket, file, new byte[4096]);
        var before = Descriptors();
        for (var i = 0; i < 500; i++)
        {
            FuseKeeper.Keep(Socket, file, [1]);
            FuseKeeper.Take(Socket)!.Device.Dispose();
        }

        Assert.That(Descriptors(), Is.LessThan(before + 20));
        Assert.That(() => FuseKeeper.Keep(Socket, file, new byte[4097]), Throws.ArgumentException);
    }

    [Test]
    public async Task It_ends_when_it_is_told()
    {
        Assert.That(FuseKeeper.End(Socket), Is.True);
        await Eventually.Within(_running);
        _keeper.Dispose();

        using var file = Open("content");
        Assert.That((FuseKeeper.Take(Socket), FuseKeeper.Keep(Socket, file, []), FuseKeeper.End(Socket)), Is.EqualTo(((KeptMount?)null, false, false)));
    }

    [Test]
    public async Task A_socket_that_a_killed_keeper_left_is_replaced()
    {
        var left = $"{_folder.FullName}/left.sock";
        using (var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified))
            listener.Bind(new UnixDomainSocketEndPoint(left));
        Assert.That(FuseKeeper.Take(left), Is.Null);

        await File.WriteAllTextAsync($"{_folder.FullName}/x", "");
        FuseKeeper.Listen(left).Dispose();
        Assert.That(File.Exists(left), Is.False);
    }

    [Test]
    public void A_second_keeper_is_refused()
    {
        Assert.That(() => FuseKeeper.Listen(Socket), Throws.InstanceOf<IOException>().With.Message.Contains("another keeper"));
        Assert.That(File.GetUnixFileMode(Socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Hostile_messages_end_nothing()
    {
        using var file = Open("content");
        FuseKeeper.Keep(Socket, file, [1]);
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            var message = new byte[random.Next(1, 6000)];
            random.NextBytes(message);
            if (message[0] != 3) // Which ends it.
                socket.Send(message);
        }

        using var device = FuseKeeper.Take(Socket)!.Device;
        Assert.That(Read(device), Is.EqualTo("content"));
    }

    [Test]
    public async Task Two_descriptors_are_refused()
    {
        Tools.Require("python3");
        using var file = Open("content");
        FuseKeeper.Keep(Socket, file, [1]);
        var path = $"{_folder.FullName}/sent";
        var program = $"import socket; f = open('{path}', 'w'); s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.connect('{Socket}'); socket.send_fds(s, [b'\\2x'], [f.fileno(), f.fileno()])";
        for (var i = 0; i < 5; i++)
            (await Command.RunAsync(["python3", "-c", program])).AssertSucceeded();

        using var device = FuseKeeper.Take(Socket)!.Device;
        Assert.That(Read(device), Is.EqualTo("content"));
        Assert.That(Directory.GetFiles("/proc/self/fd").Select(each => File.ResolveLinkTarget(each, returnFinalTarget: false)?.FullName), Has.None.EqualTo(path));
    }

    [Test]
    [Category("Root")]
    public async Task Other_users_get_nothing()
    {
        Tools.Require("setpriv");
        Tools.Require("python3");
        using var file = Open("content");
        FuseKeeper.Keep(Socket, file, [1]);
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(Socket, (UnixFileMode)0x1B6);
        var program = $"import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.connect('{Socket}'); s.send(b'\\1'); print(len(s.recv(100)))";

        Assert.That((await Command.RunAsync(["python3", "-c", program])).Output, Is.EqualTo("2\n"));
        Assert.That((await Command.RunAsync(["setpriv", "--reuid=12345", "--clear-groups", "python3", "-c", program])).Output, Is.Not.EqualTo("2\n"));
    }

    private SafeFileHandle Open(string content)
    {
        var path = $"{_folder.FullName}/{Guid.NewGuid()}";
        File.WriteAllText(path, content);
        return File.OpenHandle(path);
    }

    private static string Read(SafeFileHandle file)
    {
        var buffer = new byte[100];
        return System.Text.Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0));
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
