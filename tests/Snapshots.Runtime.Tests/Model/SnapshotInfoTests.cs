namespace Containerd.Snapshots.Tests.Model;

internal sealed class SnapshotInfoTests
{
    private static readonly SnapshotInfo Info = new()
    {
        Name = "n",
        Kind = SnapshotKind.Committed,
        Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
    };

    [Test]
    public void Infos_are_equal_by_value_whatever_the_order_of_labels()
    {
        var same = Info with { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };

        Assert.Multiple(() =>
        {
            Assert.That(Info, Is.EqualTo(same));
            Assert.That(Info.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        });
    }

    [TestCase("a", "2")]
    [TestCase("c", "1")]
    public void Infos_with_other_labels_differ(string key, string value) =>
        Assert.That(Info, Is.Not.EqualTo(Info with { Labels = new Dictionary<string, string> { [key] = value, ["b"] = "2" } }));

    [Test]
    public void Labels_are_copied()
    {
        var labels = new Dictionary<string, string> { ["a"] = "1" };
        var info = Info with { Labels = labels };
        labels["a"] = "changed";

        Assert.That(info.Labels["a"], Is.EqualTo("1"));
    }

    [Test]
    public void Times_are_in_utc()
    {
        var local = new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));
        var info = Info with { CreatedAt = local, UpdatedAt = local };

        Assert.Multiple(() =>
        {
            Assert.That(info.CreatedAt.Offset, Is.EqualTo(TimeSpan.Zero));
            Assert.That(info.UpdatedAt.Offset, Is.EqualTo(TimeSpan.Zero));
            Assert.That(info.CreatedAt, Is.EqualTo(local));
        });
    }

    [Test]
    public void No_part_of_an_info_can_be_null() => Assert.Multiple(() =>
    {
        Assert.That(() => Info with { Name = null! }, Throws.ArgumentNullException);
        Assert.That(() => Info with { Parent = null! }, Throws.ArgumentNullException);
        Assert.That(() => Info with { Labels = null! }, Throws.ArgumentNullException);
        Assert.That(() => Info with { Labels = new Dictionary<string, string> { ["a"] = null! } }, Throws.ArgumentException);
    });
}
