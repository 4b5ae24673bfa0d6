using System.Net.Sockets;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>A client sees either no socket or one that listens, and never one with wider permissions than requested.</summary>
internal sealed class StartRaceTests
{
    private const int Starts = 500;

    private const UnixFileMode Asked = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("host-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Five_hundred_starts_show_no_wider_socket_and_refuse_no_connection()
    {
        Tools.Require();
        var binary = await PublishedSample.Hello.PathAsync();
        var socket = Path.Combine(_folder.FullName, "test.sock");
        var seen = new HashSet<UnixFileMode>();

        for (var start = 0; start < Starts; start++)
        {
            using var process = Command.Start(
                [binary, socket, "--root", Path.Combine(_folder.FullName, "root"), "--log-level", "None", "--socket-mode", "0660", "--socket-group", "daemon"]);
            AssertConnectsOnceThere(socket, seen, () => process.HasExited);
            process.Kill();
            await process.WaitForExitAsync();
            File.Delete(socket);
        }

        Assert.That(seen, Has.All.Matches<UnixFileMode>(static mode => (mode & ~Asked) == 0));
        Assert.That(seen, Does.Contain(Asked));
    }

    /// <summary>Looks at all files until the socket is there, and asserts that it then accepts a connection.</summary>
    private void AssertConnectsOnceThere(string socket, HashSet<UnixFileMode> seen, Func<bool> hasEnded)
    {
        for (var isThere = false; !isThere;)
        {
            Assert.That(hasEnded(), Is.False, "the server has ended");
            isThere = File.Exists(socket);
            if (isThere)
                AssertConnects(socket);

            foreach (var entry in Directory.EnumerateFileSystemEntries(_folder.FullName))
                Look(entry, seen);
        }
    }

    private static void Look(string entry, HashSet<UnixFileMode> seen)
    {
        try
        {
            if (!entry.EndsWith(".lock", StringComparison.Ordinal) && !Directory.Exists(entry))
                seen.Add(File.GetUnixFileMode(entry));
        }
        catch (FileNotFoundException)
        {
            // Renamed since.
        }
    }

    private static void AssertConnects(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.That(() => socket.Connect(new UnixDomainSocketEndPoint(path)), Throws.Nothing);
    }
}
