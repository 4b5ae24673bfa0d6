using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Stored snapshots are equal if all their values are.</summary>
internal sealed class StoredSnapshotTests
{
    private static readonly StoredSnapshot Snapshot = new()
    {
        Number = 3,
        Info = new() { Name = "n", Kind = SnapshotKind.Committed },
        Usage = new(1, 2),
        Parents = [2, 1],
    };

    [Test]
    public void Snapshots_with_the_same_values_are_equal()
    {
        var same = Snapshot with { Info = Snapshot.Info with { }, Usage = new(1, 2), Parents = new List<long> { 2, 1 } };

        Assert.That(same, Is.EqualTo(Snapshot));
        Assert.That(same.GetHashCode(), Is.EqualTo(Snapshot.GetHashCode()));
    }

    [Test]
    public void Snapshots_that_differ_in_one_value_are_not_equal() => Assert.Multiple(() =>
    {
        Assert.That(Snapshot with { Number = 4 }, Is.Not.EqualTo(Snapshot));
        Assert.That(Snapshot with { Info = Snapshot.Info with { Name = "other" } }, Is.Not.EqualTo(Snapshot));
        Assert.That(Snapshot with { Usage = new(1, 3) }, Is.Not.EqualTo(Snapshot));
        Assert.That(Snapshot with { Usage = null }, Is.Not.EqualTo(Snapshot));
        Assert.That(Snapshot with { Parents = [1, 2] }, Is.Not.EqualTo(Snapshot));
        Assert.That(Snapshot == null, Is.False);
    });
}
