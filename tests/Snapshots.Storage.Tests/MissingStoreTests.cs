using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A store is not made anew beside content that exists, unless told so.</summary>
internal sealed class MissingStoreTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(null, "is missing")]
    [TestCase("", "is damaged (its file is empty)")]
    public void A_store_without_a_file_beside_content_is_refused(string? file, string state)
    {
        if (file is not null)
            File.WriteAllText(_folder.File, file);

        var exception = Assert.Throws<SnapshotterException>(() => _folder.Open(new() { LastNumber = 17 }).Dispose())!;

        Assert.Multiple(() =>
        {
            Assert.That(exception.Error, Is.EqualTo(SnapshotterError.FailedPrecondition));
            Assert.That(exception.Message, Does.Contain($"\"{_folder.File}\" {state}").And.Contain("up to number 17").And.Contain("backup").And.Contain("remove the content"));
            Assert.That(new FileInfo(_folder.File) is { Exists: true } left ? left.Length : (long?)null, Is.EqualTo(file?.Length));
        });
    }

    [TestCase(null)]
    [TestCase("")]
    public async Task A_store_without_a_file_beside_content_begins_anew_when_told_so(string? file)
    {
        if (file is not null)
            await File.WriteAllTextAsync(_folder.File, file);

        using var store = _folder.Open(new() { LastNumber = 17, BeginAnew = true });

        Assert.That((await store.PrepareAsync("key")).Number, Is.EqualTo(18));
    }

    [Test]
    public void Beginning_anew_leaves_what_is_not_empty_alone()
    {
        File.WriteAllText(_folder.File, "no database");

        var exception = Assert.Throws<SnapshotterException>(() => _folder.Open(new() { BeginAnew = true }).Dispose())!;

        Assert.Multiple(() =>
        {
            Assert.That(exception.Error, Is.EqualTo(SnapshotterError.DataLoss));
            Assert.That(File.ReadAllText(_folder.File), Is.EqualTo("no database"));
        });
    }

    [Test]
    public async Task Beginning_anew_keeps_a_store_that_is_there()
    {
        using (var before = _folder.Open())
            await before.PrepareAsync("key");

        using var store = _folder.Open(new() { LastNumber = 17, BeginAnew = true });

        Assert.That(store.Stat("key"), Is.Not.Null);
    }

    [TestCase(-1)]
    [TestCase(long.MaxValue)]
    public void A_number_that_no_snapshot_can_have_is_refused(long number) =>
        Assert.That(() => _folder.Open(new() { LastNumber = number }), Throws.TypeOf<ArgumentOutOfRangeException>());
}
