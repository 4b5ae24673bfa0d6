using System.Net.Sockets;
using System.Text;
using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>Messages to systemd.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServiceManagerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("systemd-");
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    [SetUp]
    public void Listen()
    {
        var path = Path.Combine(_folder.FullName, "notify");
        _manager.Bind(new UnixDomainSocketEndPoint(path));
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", path);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "20000");
    }

    [TearDown]
    public void Dispose()
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", null);
        _manager.Dispose();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_host_reports_that_it_is_ready_alive_and_stopping()
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.That(await NextAsync(), Is.EqualTo($"READY=1\nSTATUS=Serving on {host.SocketPath}"));
        Assert.That(await NextAsync(), Is.EqualTo("WATCHDOG=1"));
        Assert.That(await NextAsync(), Is.EqualTo("WATCHDOG=1"));
        await host.StopAsync();

        await WaitForAsync("STOPPING=1\nSTATUS=Stopping: 0 calls are to be finished\nEXTEND_TIMEOUT_USEC=35000000");
    }

    [Test]
    public async Task A_host_is_not_reported_alive_while_half_of_its_calls_hang()
    {
        var release = new TaskCompletionSource();
        await using var host = await RunningHost.StartAsync(
            new Scripted
            {
                OnPrepare = async _ =>
                {
                    await release.Task;
                    return SnapshotResult.NotFound("k");
                },
            },
            "--max-calls", "4", "--call-timeout", "Prepare=50ms");
        await WaitForAsync("WATCHDOG=1");

        for (var i = 0; i < 2; i++)
            await Rpc.FailsAsync(StatusCode.DeadlineExceeded, () => host.Calls.PrepareAsync(new() { Key = "k" }).ResponseAsync);

        await WaitForAsync("STATUS=Stuck: 2 calls hang");
        Assert.That(await NextAsync(), Is.EqualTo("STATUS=Stuck: 2 calls hang"));
        release.SetResult();
        await WaitForAsync($"WATCHDOG=1\nSTATUS=Serving on {host.SocketPath}");
    }

    [Test]
    public async Task A_manager_that_does_not_listen_is_ignored()
    {
        _manager.Close();
        await using var host = await RunningHost.StartAsync(new Scripted());

        Rpc.Fails(StatusCode.NotFound, () => host.Calls.Stat(new() { Key = "k" }));
        Assert.That(await host.StopAsync(), Is.Zero);
        Assert.That(File.Exists(host.SocketPath), Is.False);
    }

    private async Task WaitForAsync(string state)
    {
        while (await NextAsync() != state)
        {
        }
    }

    private async Task<string> NextAsync()
    {
        var buffer = new byte[1024];
        var length = await Eventually.Within(_manager.ReceiveAsync(buffer, SocketFlags.None));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
