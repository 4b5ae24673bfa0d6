using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Storage.Writing;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>After a commit that failed with Unavailable, a snapshot's number stays in use until it is known whether the snapshot is stored.</summary>
internal sealed class DoubtTests
{
    private StoreFolder _folder = null!;
    private GroupCommit _writes = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _folder.Open().Dispose();
        var file = new StoreFile(_folder.File, Schema.Current);
        _writes = new(file, new StoreWriter(file.Connect(), TimeProvider.System, new(), new()), TimeProvider.System, this);
    }

    [TearDown]
    public void Close()
    {
        _writes.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_doubted_number_is_in_use_until_the_next_commit()
    {
        var numbers = new Numbers(_writes, 0);
        var (doubted, other) = (await numbers.TakeAsync(default), await numbers.TakeAsync(default));
        numbers.Doubt(doubted);

        var before = numbers.Pending();
        var isPending = numbers.IsPending(doubted);
        await _writes.RunAsync(static writer => writer.Touch(), default);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo(new[] { doubted, other }));
            Assert.That(isPending, Is.True);
            Assert.That(numbers.IsPending(doubted), Is.False);
            Assert.That(numbers.Pending(), Is.EqualTo(new[] { other }));
        });
    }

    [Test]
    public async Task A_transaction_that_changes_nothing_leaves_the_doubt()
    {
        var numbers = new Numbers(_writes, 0);
        var doubted = await numbers.TakeAsync(default);
        numbers.Doubt(doubted);

        await Assert.ThatAsync(() => _writes.RunAsync(static writer => writer.Remove("missing"), default), Throws.TypeOf<SnapshotterException>());

        Assert.That(numbers.IsPending(doubted), Is.True);
    }
}
