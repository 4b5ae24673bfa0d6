using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Host;

/// <summary>A native server without free descriptors.</summary>
internal sealed class DescriptorTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("host-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task It_logs_that_it_cannot_accept_a_connection_and_accepts_it_later()
    {
        await using var process = await NativeProcess.StartAsync(await PublishedSample.Hello.PathAsync(), _folder);
        await LimitAsync(process, LowestUnused(process));
        using var client = new SnapshotsClient(process.SocketPath);

        var call = StatAsync(client);
        await Eventually.TrueAsync(() => process.Log.Contains("Cannot accept a connection", StringComparison.Ordinal), "the server says that it cannot accept");
        Assert.That(await StatAsync(process.Client), Is.EqualTo(StatusCode.NotFound), "on a connection that is there");
        Assert.That(call.IsCompleted, Is.False);

        await LimitAsync(process, 1024);
        Assert.That(await Eventually.Within(call), Is.EqualTo(StatusCode.NotFound));
    }

    private static async Task<StatusCode> StatAsync(SnapshotsClient client) =>
        (await Rpc.StatusOfAsync(() => client.Calls.StatAsync(new() { Key = "missing" }).ResponseAsync)).StatusCode;

    private static async Task LimitAsync(NativeProcess process, int descriptors) =>
        (await Command.RunAsync(["prlimit", "--pid", $"{process.Id}", $"--nofile={descriptors}:"])).AssertSucceeded();

    private static int LowestUnused(NativeProcess process)
    {
        var used = Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).First(number => !used.Contains(number));
    }
}
