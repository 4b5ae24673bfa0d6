using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Durability;

/// <summary>
/// The order of writes and syncs, seen in the system calls: a power cut between any two of them loses nothing that was
/// answered.
/// </summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class OrderTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private const string Writes = "write writev pwrite64 pwritev", Syncs = "fsync fdatasync", Log = "metadata.db-wal>";

    [SetUp]
    public void RequireStrace() => Tools.Require("strace");

    [Test]
    public async Task Prepare_makes_the_directory_durable_then_the_row_and_then_answers()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base"); // The numbers are reserved.
        process.Calls.Cleanup(); // No directory is made ahead.

        var trace = await RecordAsync(process, () => process.Calls.Prepare("key", "base"));

        var (row, logged) = Row(trace);
        AssertFollows(trace, AssertMade(trace, Root.NumberOf("key")), row);
        AssertFollows(trace, row, logged);
        AssertFollows(trace, logged, [trace.Answer()]);
    }

    [Test]
    public async Task A_directory_that_is_made_ahead_is_durable_before_the_row_too()
    {
        const int Fewest = 16, Most = 1000;
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        process.Calls.Cleanup();

        var count = 0;
        var trace = await RecordAsync(process, () =>
        {
            for (var isAhead = false; count < Fewest || (!isAhead && count < Most); count++)
            {
                var before = Root.Numbers();
                process.Calls.Prepare($"key {count}", "base");
                isAhead |= before.Contains(Root.NumberOf($"key {count}"));
            }
        });

        var (_, logged) = Row(trace);
        var made = Enumerable.Range(0, count).Select(i => AssertMade(trace, Root.NumberOf($"key {i}"))).ToList();
        for (var i = 0; i < count; i++)
            AssertFollows(trace, made[i], [logged[i]]);
        Assert.That(made.Skip(1).Where((calls, i) => calls.Max(call => call.End) < logged[i].Start), Is.Not.Empty, "Some were made ahead.");
    }

    [TestCase("Commit")]
    [TestCase("Update")]
    public async Task A_change_is_on_the_disk_before_it_is_answered(string call)
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        process.Calls.Prepare("key", "base");

        var trace = await RecordAsync(process, () =>
        {
            if (call == "Commit")
                process.Calls.Commit("layer", "key");
            else
                process.Calls.Update(new() { Info = new() { Name = "key", Labels = { ["a"] = "1" } } });
        });

        var (row, logged) = Row(trace);
        AssertFollows(trace, row, logged);
        AssertFollows(trace, logged, [trace.Answer()]);
        Assert.That(trace.All("syncfs", ""), Is.Empty, "Layers are synced only on request.");
    }

    [Test]
    public async Task A_removal_is_written_before_it_is_answered_and_on_the_disk_before_a_later_change_is()
    {
        await using var process = await StartAsync();
        process.Calls.Prepare("removed");
        process.Calls.Prepare("key");
        process.Calls.Cleanup(); // No directory is made ahead.

        var removed = await RecordAsync(process, () => process.Calls.Remove("removed"));
        var updated = await RecordAsync(process, () => process.Calls.Update(new() { Info = new() { Name = "key", Labels = { ["a"] = "1" } } }));

        AssertFollows(removed, Row(removed).Written, [removed.Answer()]);
        Assert.That(Row(removed).Logged.Where(sync => sync.Start < removed.Answer().Start), Is.Empty, "The answer does not wait for the disk.");
        AssertFollows(updated, Row(updated).Logged, [updated.Answer()]);
    }

    [Test]
    public async Task A_synced_layer_is_on_the_disk_before_its_row()
    {
        await using var process = await StartAsync("--sync-layers");
        process.Calls.Layer("base");
        process.Calls.Prepare("key", "base");

        var trace = await RecordAsync(process, () => process.Calls.Commit("layer", "key"));

        var (row, logged) = Row(trace);
        AssertFollows(trace, trace.All("syncfs", "snapshots>"), row);
        AssertFollows(trace, row, logged);
        AssertFollows(trace, logged, [trace.Answer()]);
    }

    [Test]
    public async Task A_directory_is_removed_after_its_row()
    {
        await using var process = await StartAsync();
        process.Calls.Prepare("key");
        var number = Root.NumberOf("key");

        var trace = await RecordAsync(process, () =>
        {
            process.Calls.Remove("key");
            process.Calls.Cleanup();
        });

        AssertFollows(trace, Row(trace).Logged, trace.All("unlinkat", $"snapshots>, \"{number}\""));
    }

    private Task<Trace> RecordAsync(NativeProcess process, Action action) => Trace.RecordAsync(process, FileOf("trace"), action);

    // The calls that make a snapshot's directory, and those that sync it. Asserts that they are complete and in order.
    private static IReadOnlyList<SystemCall> AssertMade(Trace trace, long number)
    {
        List<SystemCall> made = [.. trace.All("mkdir mkdirat", $"snapshots>, \"{number}\""), .. trace.All("mkdir mkdirat", $"snapshots/{number}>")];
        var synced = trace.All(Syncs, $"snapshots/{number}>");
        var entry = trace.All(Syncs, "snapshots>").Where(call => call.Start > made.Max(each => each.End)).Take(1);

        Assert.That(made, Has.Count.EqualTo(3), trace.ToString());
        AssertFollows(trace, made, synced);
        AssertFollows(trace, made, entry);
        return [.. made, .. synced, .. entry];
    }

    private static (IReadOnlyList<SystemCall> Written, IReadOnlyList<SystemCall> Logged) Row(Trace trace) =>
        (trace.All(Writes, Log), trace.All(Syncs, Log));

    // Asserts that each call of the first kind ends before any of the second begins.
    private static void AssertFollows(Trace trace, IEnumerable<SystemCall> before, IEnumerable<SystemCall> after)
    {
        Assert.That(before, Is.Not.Empty, trace.ToString());
        Assert.That(after, Is.Not.Empty, trace.ToString());
        Assert.That(before.Max(call => call.End), Is.LessThan(after.Min(call => call.Start)), trace.ToString());
    }
}
