using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Stored;

/// <summary>Layers that the snapshotter supplies by itself.</summary>
internal sealed class RemoteTests : StoredSnapshotterTest
{
    private const string Key = "default/1/extract-1 sha256:layer", Name = "sha256:layer";

    private static readonly Dictionary<string, string> Asked = new() { [SnapshotLabels.SnapshotRef] = Name, ["other"] = "label" };

    private int _made;

    [SetUp]
    public void Count() => _made = 0;

    [Test]
    public async Task A_layer_that_is_asked_for_is_committed_under_its_name_with_all_labels()
    {
        await LayerAsync("parent");

        Assert.That(await CommitAsync("parent"), Is.True);

        Assert.Multiple(() =>
        {
            Assert.That(Snapshotter.Stat(Key), Is.Null, "No active snapshot is left.");
            Assert.That(Snapshotter.Stat(Name), Has.Property("Kind").EqualTo(SnapshotKind.Committed).And.Property("Parent").EqualTo("parent"));
            Assert.That(Snapshotter.Stat(Name)!.Labels, Is.EquivalentTo(Asked));
            Assert.That(Snapshotter.Store.Find(Name)!.Usage, Is.EqualTo(new SnapshotUsage(4096, 1)));
        });
    }

    [Test]
    public async Task Containerd_finds_it_by_its_label_and_its_parent()
    {
        await CommitAsync();

        var found = Snapshotter.Walk(SnapshotFilter.Parse([$"labels.\"{SnapshotLabels.SnapshotRef}\"==\"{Name}\",parent==\"\""]));

        Assert.That(found.Select(info => info.Name), Is.EqualTo(new[] { Name }));
    }

    [Test]
    public async Task A_layer_that_is_there_is_not_made_again()
    {
        await CommitAsync();

        Assert.That(await CommitAsync(key: "other/2/extract-2 sha256:layer"), Is.True);
        Assert.That(_made, Is.EqualTo(1));
    }

    [Test]
    public async Task Of_many_calls_for_one_layer_all_have_it_and_one_row_and_one_content_are_left()
    {
        var answers = await Eventually.Within(Task.WhenAll(Enumerable.Range(0, 20).Select(call => Task.Run(() => CommitAsync(key: $"{call}")))));

        Assert.That(answers, Has.All.True);
        Assert.That(_made, Is.EqualTo(1));
        Assert.That(Snapshotter.Walk(SnapshotFilter.Parse([])).Count(), Is.EqualTo(1));
        await Snapshotter.CleanupAsync(CancellationToken.None);
        Assert.That(Content.Numbers, Has.Length.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task A_name_under_another_parent_is_not_supplied()
    {
        await LayerAsync("parent");
        await CommitAsync("parent");

        Assert.That(await CommitAsync(""), Is.False);
        Assert.That(Snapshotter.Stat(Name)!.Parent, Is.EqualTo("parent"));
    }

    [Test]
    public async Task A_name_without_the_label_is_not_supplied()
    {
        await LayerAsync(Name); // containerd would not find it by the label.

        Assert.That(await CommitAsync(), Is.False);
    }

    [Test]
    public async Task A_name_that_is_the_key_of_an_active_snapshot_is_not_supplied()
    {
        await Snapshotter.PrepareAsync(Name, "", Asked, CancellationToken.None);

        Assert.That(await CommitAsync(), Is.False);
    }

    [Test]
    public async Task A_snapshot_that_is_not_asked_for_as_a_layer_is_not_supplied()
    {
        Assert.That(await Snapshotter.CommitRemoteAsync(Key, "", None, MakeAsync, CancellationToken.None), Is.False);
        Assert.That(_made, Is.Zero);
    }

    [Test]
    public async Task A_key_in_use_is_left_to_Prepare()
    {
        await PrepareAsync(Key);

        Assert.That(await CommitAsync(), Is.False);
        Assert.That(Snapshotter.Stat(Name), Is.Null);
    }

    [Test]
    public async Task A_missing_parent_is_not_found() => Assert.That(await ErrorOf(() => CommitAsync("missing")), Is.EqualTo(SnapshotterError.NotFound));

    [Test]
    public async Task A_layer_that_cannot_be_made_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Snapshotter.CommitRemoteAsync(
            Key, "", Asked, async (snapshot, token) =>
            {
                await Content.MakeAsync(snapshot, token);
                throw new IOException("The share is gone.");
            },
            CancellationToken.None));

        Assert.That(Content.Numbers, Is.Empty);
        Assert.That(Snapshotter.Stat(Name), Is.Null);
        Assert.That(await CommitAsync(), Is.True, "The next call has its turn.");
    }

    private Task<bool> CommitAsync(string parent = "", string key = Key) =>
        Snapshotter.CommitRemoteAsync(key, parent, Asked, MakeAsync, CancellationToken.None);

    private async ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _made);
        await Content.MakeAsync(snapshot, cancellationToken);
    }
}
