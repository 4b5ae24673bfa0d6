using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>When changes are on disk: removals later than their answers, other changes before.</summary>
[Category("Root")]
internal sealed class DurabilityTests : StoreTest
{
    private readonly ManualTime _time = new();

    private string Log => $"{Folder.File}-wal";

    [SetUp]
    public async Task Fill()
    {
        Reopen(new() { TimeProvider = _time });
        await Store.PrepareAsync("first");
        await Store.PrepareAsync("second");
    }

    [Test]
    public async Task A_removal_is_answered_before_it_is_synced() =>
        Assert.That(await SyncTrace.CountAsync(Log, () => Store.RemoveAsync("first")), Is.Zero);

    [Test]
    public async Task A_removal_survives_a_kill()
    {
        await Store.RemoveAsync("first");

        using var killed = Folder.Crashed();
        using var again = killed.Open();

        Assert.That(again.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(new[] { "second" }));
    }

    [TestCase("Prepare")]
    [TestCase("Commit")]
    [TestCase("Update")]
    public async Task Every_other_change_is_synced_also_after_a_removal(string call)
    {
        await Store.RemoveAsync("first");

        var count = await SyncTrace.CountAsync(Log, () => call switch
        {
            "Prepare" => Store.PrepareAsync("third"),
            "Commit" => Store.CommitAsync("name", "second"),
            _ => Store.UpdateAsync(new() { Name = "second", Kind = SnapshotKind.Unknown, Labels = new Dictionary<string, string> { ["a"] = "b" } }, []),
        });

        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public async Task Any_number_of_callers_share_a_sync()
    {
        await Store.RemoveAsync("first");

        var count = await SyncTrace.CountAsync(Log, () => Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => Store.SyncAsync()))));

        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_synced_is_not_synced_again()
    {
        await Store.RemoveAsync("first");
        await Store.PrepareAsync("third");

        Assert.That(await SyncTrace.CountAsync(Log, () => Store.SyncAsync()), Is.Zero);
    }

    [Test]
    public async Task A_store_that_was_just_opened_is_synced_once()
    {
        Reopen();

        var first = await SyncTrace.CountAsync(Log, () => Store.SyncAsync());
        var second = await SyncTrace.CountAsync(Log, () => Store.SyncAsync());

        Assert.That(first, Is.Positive);
        Assert.That(second, Is.Zero);
    }

    [Test]
    public async Task Refused_changes_do_not_count_as_a_sync()
    {
        await Store.RemoveAsync("first");
        await ErrorOf(() => Store.UpdateAsync(new() { Name = "missing", Kind = SnapshotKind.Unknown }, []));

        Assert.That(await SyncTrace.CountAsync(Log, () => Store.SyncAsync()), Is.EqualTo(1));
    }

    [Test]
    public async Task A_removal_is_synced_five_seconds_later()
    {
        await Store.RemoveAsync("first");
        await Store.RemoveAsync("second");

        var early = await SyncTrace.CountAsync(Log, () => { _time.Advance(TimeSpan.FromSeconds(4.9)); return Task.CompletedTask; });
        var count = await SyncTrace.CountAsync(Log, async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.2));
            await Eventually.TrueAsync(() => !Store.IsUnsynced, "it is synced");
        });

        Assert.That((early, count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_late_sync_that_fails_is_tried_again()
    {
        await Store.RemoveAsync("first");

        await SyncTrace.FailAsync(Log, "fsync,fdatasync", "error=EIO", async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync(() => _time.IsSet, "it is to be tried again");
        });
        _time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.TrueAsync(() => !Store.IsUnsynced, "it is synced");
    }

    [Test]
    public async Task After_a_failed_sync_the_log_is_replaced_by_the_database()
    {
        await Store.RemoveAsync("first");

        SnapshotterError? error = null;
        await SyncTrace.FailAsync(Log, "fsync,fdatasync", "error=EIO", async () => error = await ErrorOf(() => Store.PrepareAsync("third")));
        await Store.PrepareAsync("fourth");

        // The database without its log, which the kernel may have lost parts of.
        using var folder = new StoreFolder();
        File.Copy(Folder.File, folder.File);
        using var database = folder.Connect();
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.EqualTo(SnapshotterError.Unavailable));
            Assert.That(database.Texts("SELECT name FROM snapshots ORDER BY name"), Is.EqualTo(new[] { "second" }));
            Assert.That(Store.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(new[] { "second", "fourth" }));
        });
    }

    [Test]
    public async Task A_synced_removal_survives_a_power_cut()
    {
        using var disk = await MountedDisk.Ext4Async();
        using var store = SnapshotStore.Open(Path.Combine(disk.Path, "metadata.db"));
        await store.PrepareAsync("first");
        await store.PrepareAsync("second");
        await store.RemoveAsync("first");
        await store.SyncAsync();

        using var after = await disk.AfterPowerCutAsync();
        using var again = SnapshotStore.Open(Path.Combine(after.Path, "metadata.db"));

        Assert.That(again.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(new[] { "second" }));
    }

    /// <summary>A clock for timers that the test advances.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<ManualTimer> _timers = [];
        private TimeSpan _now;

        /// <summary>Whether a timer waits.</summary>
        public bool IsSet
        {
            get
            {
                lock (_lock)
                    return _timers.Exists(timer => timer.Due is not null);
            }
        }

        public void Advance(TimeSpan time)
        {
            List<ManualTimer> due;
            lock (_lock)
            {
                _now += time;
                due = _timers.FindAll(timer => timer.Due <= _now);
                due.ForEach(timer => timer.Due = null);
            }

            due.ForEach(timer => timer.Run());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(this, () => callback(state));
            lock (_lock)
                _timers.Add(timer);

            return timer;
        }

        private sealed class ManualTimer(ManualTime clock, Action run) : ITimer
        {
            public TimeSpan? Due { get; set; }

            public void Run() => run();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (clock._lock)
                    Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;

                return true;
            }

            public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
