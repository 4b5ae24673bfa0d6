using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sweeping;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Sweeping;

/// <summary>Passes of a sweeper: who waits for them, and what ends them.</summary>
[Category("Root")]
internal sealed class SweepPassTests
{
    private readonly RecordedLog _log = new();

    [Test]
    public async Task Callers_during_a_pass_share_the_next_one()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        var asked = 0;
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        await using var sweeper = new ContentSweeper(disk.Directories, Wait, NoSync, _log);

        var first = sweeper.CleanupAsync(CancellationToken.None);
        isRunning.Wait();
        var others = Enumerable.Range(0, 10).Select(_ => sweeper.CleanupAsync(CancellationToken.None)).ToArray();
        mayEnd.Set();

        await Eventually.Within(Task.WhenAll([first, .. others]));
        Assert.That(asked, Is.EqualTo(2));

        bool Wait(long number)
        {
            asked++;
            isRunning.Set();
            mayEnd.Wait();
            return true;
        }
    }

    [Test]
    public async Task Disposal_stops_the_pass_after_the_current_entry()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var sweeper = new ContentSweeper(disk.Directories, Wait, NoSync, _log);

        var pass = sweeper.CleanupAsync(CancellationToken.None);
        isRunning.Wait();
        var next = sweeper.CleanupAsync(CancellationToken.None);
        sweeper.Enqueue(1);
        var disposed = sweeper.DisposeAsync().AsTask();
        Assert.That(disposed.IsCompleted, Is.False, "It waits for its thread.");
        mayEnd.Set();
        await Eventually.Within(disposed);

        Assert.That(() => Eventually.Within(pass), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => Eventually.Within(next), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(disk.Directories.List().Numbers, Has.Count.EqualTo(2));

        bool Wait(long number)
        {
            isRunning.Set();
            mayEnd.Wait();
            return false;
        }
    }

    [Test]
    public async Task A_disposed_sweeper_removes_nothing()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);
        await sweeper.DisposeAsync();
        await sweeper.DisposeAsync();

        sweeper.Enqueue(1);

        Assert.That(() => sweeper.CleanupAsync(CancellationToken.None), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(disk.Directories.Exists(1), Is.True);
    }

    [Test]
    public async Task A_canceled_wait_leaves_the_pass_running()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        using var mayEnd = new ManualResetEventSlim();
        await using var sweeper = new ContentSweeper(disk.Directories, Wait, NoSync, _log);
        using var cancellation = new CancellationTokenSource();

        var pass = sweeper.CleanupAsync(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(() => Eventually.Within(pass), Throws.InstanceOf<OperationCanceledException>());
        mayEnd.Set();

        await Eventually.TrueAsync(() => !disk.Directories.Exists(1), "the directory is gone");

        bool Wait(long number)
        {
            mayEnd.Wait();
            return false;
        }
    }

    private static Task NoSync(CancellationToken cancellationToken) => Task.CompletedTask;
}
