using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A store that cannot be opened says why, and does not change its file.</summary>
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
    public void Opening_a_store_twice_is_refused()
    {
        using var store = _folder.Open();

        var exception = AssertRefused(SnapshotterError.Unavailable);

        Assert.That(exception.Message, Does.Contain(_folder.File).And.Contain("open already"));
    }

    [Test]
    public void Opening_a_store_twice_is_refused_even_if_its_lock_file_is_removed()
    {
        using var store = _folder.Open();
        File.Delete($"{_folder.File}.lock");

        Assert.That(AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
    }

    [Test]
    public void Opening_a_store_twice_is_refused_even_if_all_its_files_are_removed()
    {
        using var store = _folder.Open();
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Delete(file);

        Assert.That(AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
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

        var exception = AssertRefused(SnapshotterError.Unavailable);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain(@lock).And.Contain("cannot be used as a lock: remove it"));
            Assert.That(File.Exists(target), Is.EqualTo(kind is "link" or "second name"));
            Assert.That(File.Exists(_folder.File), Is.False);
        });
    }

    [Test]
    public async Task A_lock_of_another_user_is_refused()
    {
        Tools.Require("chown");
        await File.WriteAllTextAsync($"{_folder.File}.lock", "");
        (await Command.RunAsync(["chown", "12345", $"{_folder.File}.lock"])).AssertSucceeded();

        Assert.That(AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("belongs to the user 12345"));
    }

    [Test]
    public void A_closed_store_can_be_opened_again()
    {
        _folder.Open().Dispose();

        Assert.That(() => _folder.Open().Dispose(), Throws.Nothing);
    }

    [TestCase("no database")]
    [TestCase("")]
    public void A_file_that_is_no_database_is_left_alone(string content)
    {
        File.WriteAllText(_folder.File, content);

        var exception = AssertRefused(SnapshotterError.DataLoss);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain(_folder.File).And.Contain("backup"));
            Assert.That(File.ReadAllText(_folder.File), Is.EqualTo(content));
        });
    }

    [Test]
    public void Another_programs_database_is_left_alone()
    {
        Execute("CREATE TABLE theirs (x)");
        var before = File.ReadAllBytes(_folder.File);

        var exception = AssertRefused(SnapshotterError.FailedPrecondition);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("another program"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public void A_newer_store_is_left_alone()
    {
        _folder.Open().Dispose();
        Execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(_folder.File);

        var exception = AssertRefused(SnapshotterError.FailedPrecondition);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("version 99").And.Contain($"version {Schema.Current.Version}"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task A_damaged_page_is_found_at_the_start()
    {
        using (var store = _folder.Open())
        {
            for (var i = 0; i < 200; i++)
                await store.PrepareAsync($"key {i}");
        }

        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            Assert.That(file.Length, Is.GreaterThan(6 * 4096));
            file.Position = 4096;
            file.Write(new byte[(int)file.Length - 4096]);
        }

        var before = File.ReadAllBytes(_folder.File);

        var exception = AssertRefused(SnapshotterError.DataLoss);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("is damaged"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task A_damaged_store_keeps_its_log()
    {
        using var crashed = await CrashedAsync();
        using (var file = new FileStream(crashed.File, FileMode.Open))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        }

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.DataLoss, "is damaged");
    }

    [Test]
    public async Task A_backup_beside_the_log_of_another_one_is_refused()
    {
        using var crashed = await CrashedAsync();
        File.Delete(crashed.File);
        using (var store = _folder.Open())
            await store.BackupAsync(crashed.File);

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "a backup", $"{crashed.File}-wal");

        File.Delete($"{crashed.File}-wal");
        File.Delete($"{crashed.File}-shm");
        using var restored = crashed.Open();
        Assert.That(restored.Stat("key 7"), Is.Not.Null);
    }

    [Test]
    public async Task A_log_without_its_store_is_refused()
    {
        using var crashed = await CrashedAsync();
        File.Delete(crashed.File);

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "is missing", $"{crashed.File}-wal");
    }

    [Test]
    public async Task A_newer_version_that_is_only_in_the_log_is_seen()
    {
        using var store = _folder.Open();
        Execute("PRAGMA user_version = 99");
        using var crashed = _folder.Crashed();

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "version 99");
    }

    [Test]
    public void A_link_opens_the_same_store()
    {
        var link = Path.Combine(_folder.Path, "link.db");
        File.CreateSymbolicLink(link, _folder.File);
        _folder.Open().Dispose();

        using var store = SnapshotStore.Open(link);

        Assert.That(AssertRefused(SnapshotterError.Unavailable).Message, Does.Contain("open already"));
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

    [Test]
    public async Task An_older_store_is_brought_up_to_date_and_a_copy_is_kept()
    {
        using (var old = _folder.Open())
            await old.PrepareAsync("key");

        using (var store = SnapshotStore.Open(_folder.File, new(), NextVersion()))
            Assert.That(store.Stat("key"), Is.Not.Null);

        Assert.Multiple(() =>
        {
            AssertRefused(SnapshotterError.FailedPrecondition);
            using var copy = SnapshotStore.Open($"{_folder.File}.v{Schema.Current.Version}");
            Assert.That(copy.Stat("key"), Is.Not.Null);
        });
    }

    [Test]
    public void A_store_of_version_1_gets_the_index_of_its_labels()
    {
        using (var old = _folder.Connect())
        {
            old.Execute("PRAGMA journal_mode = WAL");
            new Schema(Schema.Current.Steps[0]).Upgrade(old, from: 0);
            old.Execute($$"""
                INSERT INTO snapshots (number, name, kind, created_at, updated_at, labels) VALUES
                    (1, 'key', 2, 0, 0, '{"{{SnapshotLabels.SnapshotRef}}":"target"}'),
                    (2, 'damaged', 2, 0, 0, '{"{{SnapshotLabels.SnapshotRef}}"'),
                    (3, 'other', 2, 0, 0, NULL)
                """);
        }

        using var store = _folder.Open();

        Assert.Multiple(() =>
        {
            Assert.That(store.Walk(SnapshotFilter.Parse($"labels.\"{SnapshotLabels.SnapshotRef}\"==target")).Select(info => info.Name), Is.EqualTo(new[] { "key" }));
            Assert.That(File.Exists($"{_folder.File}.v1"), Is.True);
        });
    }

    [Test]
    public void An_upgrade_that_fails_leaves_the_older_store()
    {
        _folder.Open().Dispose();
        var broken = new Schema([.. Schema.Current.Steps, "CREATE TABLE added (x); CREATE TABLE added (x)"]);

        Assert.Throws<SnapshotterException>(() => SnapshotStore.Open(_folder.File, new(), broken));

        Assert.That(() => _folder.Open().Dispose(), Throws.Nothing);
    }

    private static Schema NextVersion() => new([.. Schema.Current.Steps, "ALTER TABLE snapshots ADD COLUMN added INTEGER"]);

    // A crashed store with snapshots in the file and one in the log.
    private async Task<StoreFolder> CrashedAsync()
    {
        using (var store = _folder.Open())
        {
            for (var i = 0; i < 200; i++)
                await store.PrepareAsync($"key {i}");
        }

        using var again = _folder.Open();
        await again.PrepareAsync("key in the log");
        return _folder.Crashed();
    }

    private static async Task AssertLeftAsItIsAsync(StoreFolder folder, SnapshotterError error, params IReadOnlyList<string> words)
    {
        var before = await ContentAsync();

        var exception = Assert.Throws<SnapshotterException>(() => folder.Open().Dispose())!;

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
            foreach (var word in words)
                Assert.That(exception.Message, Does.Contain(word));

            Assert.That(await ContentAsync(), Is.EqualTo(before));
        });

        // The files that the next start needs; it makes -shm again.
        async Task<Dictionary<string, byte[]>> ContentAsync()
        {
            var files = new Dictionary<string, byte[]>();
            foreach (var file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
                files[file] = await File.ReadAllBytesAsync(file);

            return files;
        }
    }

    private SnapshotterException AssertRefused(SnapshotterError error)
    {
        var exception = Assert.Throws<SnapshotterException>(() => _folder.Open().Dispose())!;
        Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
        return exception;
    }

    private void Execute(string text)
    {
        using var connection = _folder.Connect();
        connection.Execute(text);
    }
}
