using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>What opening a store makes and leaves.</summary>
internal sealed class OpeningTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Only_the_owner_can_use_the_file()
    {
        using var store = _folder.Open();

        Assert.That(
            Directory.GetFiles(_folder.Path).Select(File.GetUnixFileMode).ToArray(),
            Has.Length.GreaterThanOrEqualTo(3).And.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void The_rest_of_an_interrupted_start_is_ignored()
    {
        File.WriteAllText($"{_folder.File}.unfinished", "half a file");
        File.WriteAllText($"{_folder.File}.unfinished-wal", "half a log");

        using var store = _folder.Open();

        Assert.That(store.Walk(SnapshotFilter.All), Is.Empty);
    }

    [Test]
    public void A_link_opens_the_same_store()
    {
        var link = Path.Combine(_folder.Path, "link.db");
        File.CreateSymbolicLink(link, _folder.File);
        _folder.Open().Dispose();

        using var store = SnapshotStore.Open(link);

        Assert.That(_folder.AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
    }

    [Test]
    public void Opening_does_not_wait_for_another_program_that_writes()
    {
        _folder.Open().Dispose();
        using var other = _folder.Connect();
        other.Execute("BEGIN IMMEDIATE");

        using var store = _folder.Open();

        Assert.That(store.Walk(SnapshotFilter.All), Is.Empty);
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        var exception = Assert.Throws<SnapshotterException>(() => SnapshotStore.Open(Path.Combine(_folder.Path, "missing", "store", "metadata.db")));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Error, Is.EqualTo(SnapshotterError.Unavailable));
            Assert.That(exception!.Message, Does.Contain($"\"{_folder.Path}/missing\" is missing"));
            Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
        });
    }

    [Test]
    public void The_last_folder_is_created_for_its_owner_only()
    {
        using var store = SnapshotStore.Open(Path.Combine(_folder.Path, "store", "metadata.db"));

        Assert.That(
            File.GetUnixFileMode(Path.Combine(_folder.Path, "store")),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task An_orderly_stop_keeps_the_space_of_the_log_but_nothing_in_it()
    {
        using (var store = _folder.Open())
            await store.PrepareAsync("key");

        var before = new FileInfo($"{_folder.File}-wal");
        Assert.Multiple(() =>
        {
            Assert.That(before is { Exists: true, Length: >= 8 << 20 }, Is.True);
            Assert.That(File.ReadAllBytes(before.FullName)[..32], Is.All.Zero);
        });

        // The database has everything: nothing else is needed, and a backup can take its place.
        File.Delete(_folder.File);
        using var again = _folder.Open();
        Assert.That(again.Walk(SnapshotFilter.All), Is.Empty);
    }
}
