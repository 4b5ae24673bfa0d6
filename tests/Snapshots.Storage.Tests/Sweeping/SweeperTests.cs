using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sweeping;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Storage.Sweeping;

[Category("Root")]
internal sealed class SweeperTests
{
    private readonly RecordedLog _log = new();

    private string[] Warnings => [.. _log.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message)];

    [SetUp]
    public void Clear() => _log.Clear();

    [Test]
    public async Task An_enqueued_directory_is_removed_in_the_background()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);

        sweeper.Enqueue(1);

        await Eventually.TrueAsync(() => !disk.Directories.Exists(1), "the directory is gone");
        Assert.That(disk.Directories.Exists(2), Is.True);
    }

    [Test]
    public async Task Nothing_is_removed_before_the_removal_of_its_snapshot_is_durable()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        var synced = new TaskCompletionSource();
        await using var sweeper = new ContentSweeper(disk.Directories, number => number == 2, SyncAsync, _log);

        sweeper.Enqueue(1);
        await synced.Task;

        await Eventually.TrueAsync(() => !disk.Directories.Exists(1), "the directory is gone");

        async Task SyncAsync(CancellationToken cancellationToken)
        {
            Assert.That(disk.Directories.Exists(1), Is.True, "before the sync");
            await Task.Yield();
            Assert.That(disk.Directories.Exists(1), Is.True, "during the sync");
            synced.TrySetResult();
        }
    }

    [Test]
    public async Task What_cannot_be_made_durable_stays_and_is_logged()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, _ => throw new IOException("The disk fails."), _log);

        sweeper.Enqueue(1);
        await Eventually.TrueAsync(() => Warnings.Length > 0, "it is logged");

        Assert.That(Warnings.Single(), Does.StartWith("Cannot make the removal of 1 snapshots durable"));
        Assert.That(() => CleanupAsync(sweeper), Throws.TypeOf<IOException>());
        Assert.That(disk.Directories.Exists(1), Is.True);
    }

    [Test]
    public async Task Directories_enqueued_concurrently_are_all_removed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        long[] numbers = [.. Enumerable.Range(1, 2500)];
        await disk.Directories.MakeAheadAsync(numbers);
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);

        Parallel.ForEach(numbers, sweeper.Enqueue);

        await Eventually.TrueAsync(() => disk.Directories.List().Numbers.Count == 0, "all directories are gone");
    }

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_cleanup_removes_directories_that_are_not_in_use(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        foreach (var number in new[] { 1, 2, 3, 4 })
            await disk.MakeAsync(number);
        await using var sweeper = new ContentSweeper(disk.Directories, number => number % 2 == 0, NoSync, _log);

        var report = await CleanupAsync(sweeper);

        Assert.Multiple(() =>
        {
            Assert.That(disk.Directories.List().Numbers, Is.EquivalentTo(new[] { 2L, 4L }));
            Assert.That(report.Removed, Is.EqualTo(2));
            Assert.That(report.Freed.Inodes, Is.EqualTo(6));
            Assert.That(report.Failures, Is.Empty);
            Assert.That(Warnings, Is.Empty);
        });
    }

    [Test]
    public async Task An_enqueued_directory_in_use_stays()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        await using var sweeper = new ContentSweeper(disk.Directories, number => number == 1, NoSync, _log);

        sweeper.Enqueue(1);
        sweeper.Enqueue(2); // In order: when this one is gone, the first one was examined.

        await Eventually.TrueAsync(() => !disk.Directories.Exists(2), "the other directory is gone");
        Assert.That(disk.Directories.Exists(1), Is.True);
    }

    [Test]
    public async Task While_another_directory_is_in_the_place_of_the_snapshots_nothing_is_removed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);
        var (path, away) = ($"{disk.Disk.Path}/snapshots", $"{disk.Disk.Path}/away");
        Directory.Move(path, away);
        disk.Disk.Folder("snapshots/1");

        sweeper.Enqueue(1);
        sweeper.Enqueue(2);
        await Eventually.TrueAsync(() => Warnings.Length > 0, "it is logged");
        Assert.That(() => CleanupAsync(sweeper), Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.Unavailable));
        Assert.Multiple(() =>
        {
            Assert.That(Warnings.Single(), Does.Contain(path).And.Contain("put it back"));
            Assert.That(new[] { $"{away}/1/fs", $"{away}/2/fs", $"{path}/1" }, Is.All.Exist);
        });

        Directory.Delete(path, recursive: true);
        Directory.Move(away, path);
        Assert.That((await CleanupAsync(sweeper)).Removed, Is.EqualTo(2));
    }

    [Test]
    public async Task The_owner_is_asked_after_the_directories_were_listed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await using var sweeper = new ContentSweeper(disk.Directories, MakeAnother, NoSync, _log);

        await CleanupAsync(sweeper);

        Assert.That(disk.Directories.List().Numbers, Is.EqualTo(new[] { 2L }), "It was made after the listing.");

        bool MakeAnother(long number)
        {
            if (!disk.Directories.Exists(number + 1))
                disk.MakeAsync(number + 1).Wait();
            return false;
        }
    }

    [Test]
    public async Task A_failed_removal_is_logged_once_and_tried_again_and_does_not_stop_others()
    {
        Tools.Require("chattr");
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "touch file; chattr +i file");
        await disk.MakeAsync(2);
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);

        var first = await CleanupAsync(sweeper);
        var second = await CleanupAsync(sweeper);

        Assert.Multiple(() =>
        {
            Assert.That(first.Failures.Single().Path, Is.EqualTo("1/fs/file"));
            Assert.That(second.Failures.Single().Path, Is.EqualTo("1/fs/file"));
            Assert.That(disk.Directories.List().Numbers, Is.EqualTo(new[] { 1L }));
            Assert.That(Warnings, Has.Length.EqualTo(1).And.All.Contains("1/fs/file").And.All.Contains("immutable"));
        });

        await SnapshotDisk.RunAsync(content, "chattr -i file");
        await CleanupAsync(sweeper);
        Assert.That(disk.Directories.List().Numbers, Is.Empty);
    }

    [Test]
    public async Task If_the_owner_throws_the_directory_stays_and_others_are_removed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);
        await disk.MakeAsync(2);
        await using var sweeper = new ContentSweeper(disk.Directories, Answer, NoSync, _log);

        sweeper.Enqueue(1);
        var report = await CleanupAsync(sweeper);

        Assert.That(disk.Directories.List().Numbers, Is.EqualTo(new[] { 1L }));
        Assert.That(report.Failures.Single(), Is.EqualTo(new RemovalFailure("1", "the store is closed")));

        static bool Answer(long number) => number == 1 ? throw new InvalidOperationException("the store is closed") : false;
    }

    [Test]
    public async Task Foreign_names_are_left_alone_and_logged_once()
    {
        using var disk = SnapshotDisk.Tmpfs();
        disk.Disk.Folder("snapshots/precious/data");
        await using var sweeper = new ContentSweeper(disk.Directories, _ => false, NoSync, _log);

        await CleanupAsync(sweeper);
        var report = await CleanupAsync(sweeper);

        Assert.That(report.ForeignNames, Is.EqualTo(new[] { "precious" }));
        Assert.That(Directory.Exists($"{disk.Disk.Path}/snapshots/precious/data"), Is.True);
        Assert.That(Warnings, Has.Length.EqualTo(1).And.All.Contains("precious"));
    }

    private static Task<SweepReport> CleanupAsync(ContentSweeper sweeper) =>
        Eventually.Within(sweeper.CleanupAsync(CancellationToken.None));

    private static Task NoSync(CancellationToken cancellationToken) => Task.CompletedTask;
}
