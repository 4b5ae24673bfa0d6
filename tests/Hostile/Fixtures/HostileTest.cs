
namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>
/// A server of its own for each test. Whatever the test has done to it, it must answer afterwards, hold no more than
/// before, have nothing in its log that is not of its own making, and stop in order.
/// </summary>
internal abstract class HostileTest
{
    // The thread pool has up to 64 of its own kind and lets them go as it likes; the rest is the runtime's.
    private const int MostThreads = 64 + 24;

    // TODO
    private const int MoreMemory = 32 << 10;

    private DirectoryInfo _folder = null!;
    private Footprint _before;

    protected Server Server { get; private set; } = null!;

    [SetUp]
    public async Task StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("hostile-");
        Server = await Server.StartAsync(_folder);
        await WarmUp.RunAsync(Server);
        _before = Server.Footprint();
    }

    [TearDown]
    public async Task CheckServer()
    {
        try
        {
            if (Server is not null)
                await CheckAsync();
        }
        finally
        {
            await DeleteAsync();
        }
    }

    private async Task CheckAsync()
    {
        await Server.AnswersAsync();
        await Eventually.TrueAsync(() => Server.Footprint().Descriptors <= _before.Descriptors, $"{_before.Descriptors} descriptors, as before");
        await Eventually.TrueAsync(() => Server.Footprint().Threads <= MostThreads, $"at most {MostThreads} threads");
        var after = Server.Footprint();
        await TestContext.Out.WriteLineAsync($"Before: {_before}. After: {after}. {Server.Log.Warnings} warnings. {Server.Log.FirstWarning}");
        Assert.That(after.Memory, Is.LessThanOrEqualTo(_before.Memory + MoreMemory), "resident memory in kB");

        await Server.StopAsync();
        Assert.That(Server.Log.Flaws, Is.Empty, "the server's log");
    }

    private async Task DeleteAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
