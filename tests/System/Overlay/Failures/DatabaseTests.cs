using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>A damaged or foreign database file is refused and left as it is, byte for byte.</summary>
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

    [TestCase(0, "is empty")]
    [TestCase(50, "is damaged")]
    [TestCase(Page + 50, "is damaged")]
    public Task A_truncated_database_is_left_alone(int length, string message) => AssertLeftAloneAsync(
        () =>
        {
            using var file = File.OpenWrite(Root.Database);
            file.SetLength(length);
        },
        message);

    [Test]
    public Task A_database_with_an_overwritten_page_is_left_alone() => AssertLeftAloneAsync(
        () =>
        {
            using var file = File.OpenWrite(Root.Database);
            file.Position = 2 * Page;
            file.Write(Enumerable.Repeat((byte)0xA5, Page).ToArray());
        },
        "is damaged", "put back a backup");

    [Test]
    public Task A_text_file_is_left_alone() => AssertLeftAloneAsync(() => File.WriteAllText(Root.Database, new string('x', Page)), "is damaged", "not an SQLite database");

    [Test]
    public Task A_database_of_a_newer_version_is_left_alone() => AssertLeftAloneAsync(
        () => Execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)"), "has version 99", "a newer program");

    [Test]
    public Task A_database_of_another_program_is_left_alone() => AssertLeftAloneAsync(
        () => Execute("PRAGMA application_id = 5; PRAGMA wal_checkpoint(TRUNCATE)"), "another program's database");

    [Test]
    public async Task A_missing_database_beside_directories_is_refused()
    {
        File.Move(Root.Database, $"{Root.Database}.away");
        var directories = Root.Numbers();

        var refusal = await AssertRefusedAsync(Root);

        Assert.That(refusal, Does.Contain($"\"{Root.Database}\" is missing").And.Contain($"up to number {directories[^1]}"));
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
