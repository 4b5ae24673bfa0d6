using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>How each call changes labels and times.</summary>
internal sealed class LabelTests : StoreTest
{
    private static readonly Dictionary<string, string> One = new() { ["a"] = "1", ["b.c"] = "2" };

    [Test]
    public async Task Commit_replaces_labels()
    {
        await Store.PrepareAsync("key", labels: One);

        var committed = await Store.CommitAsync("name", "key", labels: new Dictionary<string, string> { ["d"] = "3", ["empty"] = "" });

        Assert.That(committed.Info.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["d"] = "3" }));
    }

    [Test]
    public async Task Update_changes_labels_by_the_paths()
    {
        await Store.PrepareAsync("key", labels: One);
        var update = new SnapshotInfo { Name = "key", Kind = SnapshotKind.Unknown, Labels = new Dictionary<string, string> { ["new"] = "4" } };

        var updated = await Store.UpdateAsync(update, ["labels.new", "labels.b.c"]);

        Assert.Multiple(() =>
        {
            Assert.That(updated.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["new"] = "4" }));
            Assert.That(Store.Stat("key"), Is.EqualTo(updated));
        });
    }

    [Test]
    public async Task Labels_of_any_text_and_size_come_back()
    {
        var labels = new Dictionary<string, string>
        {
            ["quotes \" ' \\ / and control \u0001"] = "line\nbreak",
            ["日本語 😀"] = new string('x', 1 << 20),
            ["\0"] = "\0",
        };

        await Store.PrepareAsync("key\0with zero", labels: labels);

        Assert.That(Store.Stat("key\0with zero")!.Labels, Is.EquivalentTo(labels));
    }

    [Test]
    public async Task Times_follow_the_clock()
    {
        var clock = new Clock(DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(5));
        Reopen(new() { TimeProvider = clock });

        var active = await Store.PrepareAsync("key");
        clock.Now += TimeSpan.FromSeconds(1);
        var updated = await Store.UpdateAsync(active.Info with { CreatedAt = default }, []);
        clock.Now += TimeSpan.FromSeconds(1);
        var committed = await Store.CommitAsync("name", "key");

        Assert.Multiple(() =>
        {
            Assert.That((active.Info.CreatedAt, active.Info.UpdatedAt), Is.EqualTo((clock.Now.AddSeconds(-2), clock.Now.AddSeconds(-2))));
            Assert.That((updated.CreatedAt, updated.UpdatedAt), Is.EqualTo((clock.Now.AddSeconds(-2), clock.Now.AddSeconds(-1))));
            Assert.That((committed.Info.CreatedAt, committed.Info.UpdatedAt), Is.EqualTo((clock.Now, clock.Now)));
            Assert.That(Store.Stat("name"), Is.EqualTo(committed.Info));
        });
    }

    [Test]
    public async Task UpdatedAt_advances_though_the_clock_goes_back()
    {
        var clock = new Clock(DateTimeOffset.UnixEpoch.AddDays(20_000));
        Reopen(new() { TimeProvider = clock });
        var active = await Store.PrepareAsync("key");

        clock.Now -= TimeSpan.FromHours(1);
        var updated = await Store.UpdateAsync(active.Info, []);

        Assert.That(updated.UpdatedAt, Is.GreaterThan(active.Info.UpdatedAt));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
