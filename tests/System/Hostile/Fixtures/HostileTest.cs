using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>
/// Gives each test its own server. After the test the server must answer, use no more resources than before, have no
/// error or forged line in its log, and stop cleanly.
/// </summary>
internal abstract class HostileTest
{
    // The thread pool has up to 272 threads (one for each call, and 16) and ends them as it likes; the rest are .NET's.
    private const int MostThreads = 272 + 24;

    // In kB. The collector may use its whole heap and returns it late: 2 to 20 MB after most tests, 15 to 35 MB after a fuzz.
    private const int MoreMemory = Server.HeapLimit;

    // However often a peer causes a warning: a peer that can fill the log can fill the disk.
    private const int MostWarnings = 100;

    private DirectoryInfo _folder = null!;

    protected Server Server { get; private set; } = null!;

    /// <summary>The resources that it used before the test.</summary>
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
                await TestContext.Out.WriteLineAsync(Server.Describe()); // Further failures would hide the first one.
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
