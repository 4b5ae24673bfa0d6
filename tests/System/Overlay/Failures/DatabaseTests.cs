using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>A database file that is not what it should be: it is left as it is, byte for byte.</summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class DatabaseTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private const int Page = 4096;

    [SetUp]
    public async Task MakeDatabase()
    {
        await using var process = await StartAsync();
        for (var i = 0; i < 10; i++)
            process.Calls.Layer($"layer-{i}");

        await process.StopAsync("TERM");
    }

    [TestCase(0, "is damaged")]
    [TestCase(50, "is damaged")]
    [TestCase(Page + 50, "is damaged")]
    public Task One_that_is_cut_off(int length, string message) => AssertLeftAloneAsync(
        () =>
        {
            using var file = File.OpenWrite(Root.Database);
            file.SetLength(length);
        },
        message);

    [Test]
    public Task One_with_a_page_of_something_else() => AssertLeftAloneAsync(
        () =>
        {
            using var file = File.OpenWrite(Root.Database);
            file.Position = 2 * Page;
            file.Write(Enumerable.Repeat((byte)0xA5, Page).ToArray());
        },
        "is damaged", "put back a backup");

    [Test]
    public Task A_text() => AssertLeftAloneAsync(() => File.WriteAllText(Root.Database, new string('x', Page)), "is damaged", "no SQLite database");

    [Test]
    public Task One_of_a_newer_version() => AssertLeftAloneAsync(
        () => Execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)"), "is of version 99", "a newer program");

    [Test]
    public Task One_of_another_program() => AssertLeftAloneAsync(
        () => Execute("PRAGMA application_id = 5; PRAGMA wal_checkpoint(TRUNCATE)"), "a database of another program");

    [Test]
    public async Task One_that_is_missing_beside_directories()
    {
        File.Move(Root.Database, $"{Root.Database}.away");
        var directories = Root.Numbers();

        var refusal = await AssertRefusedAsync(Root);

        Assert.That(refusal, Does.Contain($"\"{Root.Database}\" is missing").And.Contain($"{directories.Count} directories"));
        Assert.That(Root.Numbers(), Is.EqualTo(directories));
    }

    private async Task AssertLeftAloneAsync(Action change, params IReadOnlyList<string> words)
    {
        change();
        var before = await File.ReadAllBytesAsync(Root.Database);
        var directories = Root.Numbers();

        var refusal = await AssertRefusedAsync(Root);

        Assert.Multiple(() =>
        {
            foreach (var word in words)
                Assert.That(refusal, Does.Contain(word));

            Assert.That(refusal, Does.Contain(Root.Database));
            Assert.That(File.ReadAllBytes(Root.Database), Is.EqualTo(before));
            Assert.That(Root.Numbers(), Is.EqualTo(directories));
        });
    }

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Root.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
