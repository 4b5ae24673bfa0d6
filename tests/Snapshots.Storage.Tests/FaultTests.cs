using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Storage.Writing;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Faults of the machine, each with its kind of error.</summary>
internal sealed class FaultTests : StoreTest
{
    [Category("Root")]
    [TestCase("ENOSPC")]
    [TestCase("EDQUOT")]
    public async Task A_change_without_space_or_quota_is_refused_as_out_of_space(string error)
    {
        await Store.PrepareAsync("before");
        SnapshotterException? refused = null;

        await SyncTrace.FailAsync($"{Folder.File}-wal", "pwrite64", $"error={error}", async () =>
            refused = await Assert.ThrowsAsync<SnapshotterException>(async () => await Store.PrepareAsync("key")));

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(refused!.Error, Is.EqualTo(SnapshotterError.ResourceExhausted));
            Assert.That(refused!.Message, Does.Contain("no space is left").And.Contain(Folder.File));
            Assert.That(Store.NumbersInUse(), Has.Count.EqualTo(1));
            await Assert.ThatAsync(() => Store.PrepareAsync("key"), Throws.Nothing);
        });
    }

    [Test]
    [Category("Root")]
    public async Task A_change_on_a_failing_disk_is_unavailable_and_its_number_is_known_after_the_next()
    {
        await Store.PrepareAsync("before");
        SnapshotterError? error = null;

        await SyncTrace.FailAsync($"{Folder.File}-wal", "pwrite64", "error=EIO", async () => error = await ErrorOf(() => Store.PrepareAsync("key")));
        var whileInDoubt = Store.NumbersInUse();
        await Store.PrepareAsync("after");

        Assert.Multiple(() =>
        {
            Assert.That(error, Is.EqualTo(SnapshotterError.Unavailable));
            Assert.That(whileInDoubt, Has.Count.EqualTo(2));
            Assert.That(Store.NumbersInUse(), Is.EqualTo(Store.Walk(SnapshotFilter.All).Select(info => Store.Find(info.Name)!.Number)).And.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task A_store_that_another_program_has_locked_for_too_long_is_unavailable()
    {
        var file = new StoreFile(Folder.File, Schema.Current);
        var connection = file.Connect();
        using var writes = new GroupCommit(file, new StoreWriter(connection, TimeProvider.System, new(), new()), TimeProvider.System, this);
        using var other = Folder.Connect();
        other.Execute("BEGIN IMMEDIATE");
        _ = SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, 10);

        var exception = await Assert.ThrowsAsync<SnapshotterException>(async () => await writes.RunAsync(static writer => writer.Touch(), default));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Error, Is.EqualTo(SnapshotterError.Unavailable));
            Assert.That(exception!.Message, Does.Contain("another program has locked the store").And.Contain("end that program"));
        });
    }
}
