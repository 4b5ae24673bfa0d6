using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>One process at a time opens a store, by a lock that nobody else can replace.</summary>
internal sealed class StoreLockTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Opening_a_store_twice_is_refused()
    {
        using var store = _folder.Open();

        var exception = _folder.AssertRefused(SnapshotterError.Unavailable);

        Assert.That(exception.Message, Does.Contain(_folder.File).And.Contain("open already"));
    }

    [Test]
    public void Opening_a_store_twice_is_refused_even_if_its_lock_file_is_removed()
    {
        using var store = _folder.Open();
        File.Delete($"{_folder.File}.lock");

        Assert.That(_folder.AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
    }

    [Test]
    public void Opening_a_store_twice_is_refused_even_if_all_its_files_are_removed()
    {
        using var store = _folder.Open();
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Delete(file);

        Assert.That(_folder.AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
    }

    [TestCase("link")]
    [TestCase("dangling link")]
    [TestCase("second name")]
    [TestCase("pipe")]
    public async Task A_lock_that_is_not_a_file_of_its_own_is_refused(string kind)
    {
        var (target, @lock) = (Path.Combine(_folder.Path, "target"), $"{_folder.File}.lock");
        if (kind == "pipe")
            (await Command.RunAsync(["mkfifo", @lock])).AssertSucceeded();
        else if (kind != "dangling link")
            await File.WriteAllTextAsync(target, "theirs");

        if (kind is "link" or "dangling link")
            File.CreateSymbolicLink(@lock, target);
        else if (kind == "second name")
            (await Command.RunAsync(["ln", target, @lock])).AssertSucceeded();

        var exception = _folder.AssertRefused(SnapshotterError.Unavailable);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain(@lock).And.Contain("cannot be used as a lock: remove it"));
            Assert.That(File.Exists(target), Is.EqualTo(kind is "link" or "second name"));
            Assert.That(File.Exists(_folder.File), Is.False);
        });
    }

    [Test]
    [Category("Root")]
    public async Task A_lock_of_another_user_is_refused()
    {
        Tools.Require("chown");
        await File.WriteAllTextAsync($"{_folder.File}.lock", "");
        (await Command.RunAsync(["chown", "12345", $"{_folder.File}.lock"])).AssertSucceeded();

        Assert.That(_folder.AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("belongs to the user 12345"));
    }

    [Test]
    public void A_closed_store_can_be_opened_again()
    {
        _folder.Open().Dispose();

        Assert.That(() => _folder.Open().Dispose(), Throws.Nothing);
    }
}
