using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>
/// A server of its own for each test. Whatever the test has done to it, it must answer afterwards, hold no more than
/// before, have nothing in its log that is not of its own making, and stop in order.
/// </summary>
internal abstract class HostileTest
{
    // The thread pool has up to 272 of its own kind (as many as calls, and 16) and lets them go as it likes; the rest is the runtime's.
    private const int MostThreads = 272 + 24;

    // In kB. The collector may use its whole heap and does not hurry to give it back: 2 to 20 MB after most tests, 15 to 35
    // after a fuzz.
    private const int MoreMemory = Server.HeapLimit;

    // However often a peer does what a host warns of: who can fill the log can fill the disk.
    private const int MostWarnings = 100;

    private DirectoryInfo _folder = null!;

    protected Server Server { get; private set; } = null!;

    /// <summary>What it held before the test.</summary>
    protected Footprint Before { get; private set; }

    [SetUp]
    public async Task StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("hostile-");
        Server = await Server.StartAsync(_folder);
        await WarmUp.RunAsync(Server);
        Before = Server.Footprint();
    }

    [TearDown]
    public async Task CheckServer()
    {
        try
        {
            if (Server is null)
                return;
            if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
                await TestContext.Out.WriteLineAsync(Server.Describe()); // The rest would hide what failed.
            else
                await AssertUnharmedAsync();
        }
        catch
        {
            await TestContext.Out.WriteLineAsync(Server.Describe());
            throw;
        }
        finally
        {
            await DeleteAsync();
        }
    }

    private async Task AssertUnharmedAsync()
    {
        await Server.AssertAnswersAsync();
        await Eventually.TrueAsync(() => Server.Footprint().Descriptors <= Before.Descriptors, $"{Before.Descriptors} descriptors, as before");
        await Eventually.TrueAsync(() => Server.Footprint().Threads <= MostThreads, $"at most {MostThreads} threads");
        var after = Server.Footprint();
        await TestContext.Out.WriteLineAsync($"Before: {Before}. After: {after}. {Server.Log.Warnings} warnings.");
        Assert.That(after.Memory, Is.LessThanOrEqualTo(Before.Memory + MoreMemory), "resident memory in kB");

        Assert.That(Server.Log.Flaws, Is.Empty, "the server's log");
        await Server.StopAsync();
        Assert.That(Server.Log.Flaws, Is.Empty, "the server's log");
        Assert.That(Server.Log.Warnings, Is.LessThanOrEqualTo(MostWarnings), Server.Log.FirstWarning);
    }

    private async Task DeleteAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
