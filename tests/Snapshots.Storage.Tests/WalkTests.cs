using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A walk over several pages returns each snapshot once.</summary>
internal sealed class WalkTests : StoreTest
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(256)]
    public async Task Each_snapshot_comes_once(int count)
    {
        var keys = Enumerable.Range(0, count).Select(number => $"key {number}").ToList();
        foreach (var key in keys)
            await Store.PrepareAsync(key);

        Assert.That(Store.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(keys));
    }
}
