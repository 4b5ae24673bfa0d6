using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>containerd's rules and their errors. If several rules are broken, the first in containerd's order counts.</summary>
internal sealed class RuleTests : StoreTest
{
    [SetUp]
    public async Task Fill()
    {
        await Store.LayerAsync("layer");
        await Store.LayerAsync("other");
        await Store.PrepareAsync("active", "layer");
        await Store.PrepareAsync("base");
        await Store.ViewAsync("view", "layer");
    }

    [TestCase("new", "missing", SnapshotterError.NotFound)]
    [TestCase("new", "active", SnapshotterError.InvalidArgument)]
    [TestCase("new", "view", SnapshotterError.InvalidArgument)]
    [TestCase("active", "layer", SnapshotterError.AlreadyExists)]
    [TestCase("view", "", SnapshotterError.AlreadyExists)]
    [TestCase("layer", "", SnapshotterError.AlreadyExists)]
    [TestCase("", "", SnapshotterError.InvalidArgument)]
    [TestCase("active", "missing", SnapshotterError.NotFound, Description = "The parent before the key.")]
    [TestCase("active", "view", SnapshotterError.InvalidArgument, Description = "The parent before the key.")]
    public async Task Prepare_and_View_are_refused(string key, string parent, SnapshotterError error)
    {
        var before = Store.Walk(SnapshotFilter.All).ToList();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await ErrorOf(() => Store.PrepareAsync(key, parent)), Is.EqualTo(error));
            Assert.That(await ErrorOf(() => Store.ViewAsync(key, parent)), Is.EqualTo(error));
            Assert.That(Store.Walk(SnapshotFilter.All), Is.EqualTo(before));
        });
    }

    [TestCase("name", "missing", "", SnapshotterError.NotFound)]
    [TestCase("layer", "missing", "", SnapshotterError.NotFound, Description = "The key before the name.")]
    [TestCase("layer", "active", "", SnapshotterError.AlreadyExists)]
    [TestCase("active", "active", "", SnapshotterError.AlreadyExists)]
    [TestCase("", "active", "", SnapshotterError.InvalidArgument)]
    [TestCase("layer", "view", "", SnapshotterError.AlreadyExists, Description = "The name before the kind.")]
    [TestCase("name", "view", "", SnapshotterError.FailedPrecondition)]
    [TestCase("name", "layer", "", SnapshotterError.FailedPrecondition)]
    [TestCase("name", "view", "other", SnapshotterError.FailedPrecondition, Description = "The kind before the parent.")]
    [TestCase("name", "active", "other", SnapshotterError.InvalidArgument)]
    [TestCase("name", "active", "missing", SnapshotterError.InvalidArgument)]
    [TestCase("name", "base", "missing", SnapshotterError.NotFound)]
    [TestCase("name", "base", "view", SnapshotterError.FailedPrecondition)]
    [TestCase("name", "base", "base", SnapshotterError.FailedPrecondition)]
    public async Task Commit_is_refused(string name, string key, string parent, SnapshotterError error)
    {
        var before = Store.Walk(SnapshotFilter.All).ToList();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await ErrorOf(() => Store.CommitAsync(name, key, parent)), Is.EqualTo(error));
            Assert.That(Store.Walk(SnapshotFilter.All), Is.EqualTo(before));
        });
    }

    [TestCase("new", "missing", "snapshot \"missing\"")]
    [TestCase("new", "active", "parent snapshot \"active\" is active, not committed")]
    [TestCase("new", "view", "parent snapshot \"view\" is a view, not committed")]
    [TestCase("active", "layer", "snapshot \"active\"")]
    [TestCase("", "", "the key of a snapshot cannot be empty")]
    public async Task A_refused_Prepare_names_the_snapshot_and_what_is_wrong_with_it(string key, string parent, string message) =>
        Assert.That(await MessageOf(() => Store.PrepareAsync(key, parent)), Is.EqualTo(message));

    [TestCase("name", "missing", "", "snapshot \"missing\"")]
    [TestCase("layer", "active", "", "snapshot \"layer\"")]
    [TestCase("", "active", "", "the name of a snapshot cannot be empty")]
    [TestCase("name", "view", "", "snapshot \"view\" is a view, not active")]
    [TestCase("name", "layer", "", "snapshot \"layer\" is committed, not active")]
    [TestCase("name", "active", "other", "snapshot \"active\" has the parent \"layer\", not \"other\"")]
    [TestCase("name", "base", "missing", "snapshot \"missing\"")]
    [TestCase("name", "base", "view", "parent snapshot \"view\" is a view, not committed")]
    public async Task A_refused_Commit_names_the_snapshot_and_what_is_wrong_with_it(string name, string key, string parent, string message) =>
        Assert.That(await MessageOf(() => Store.CommitAsync(name, key, parent)), Is.EqualTo(message));

    [TestCase("missing", "snapshot \"missing\"")]
    [TestCase("layer", "cannot remove snapshot \"layer\": it has children")]
    public async Task A_refused_Remove_names_the_snapshot_and_what_is_wrong_with_it(string key, string message) =>
        Assert.That(await MessageOf(() => Store.RemoveAsync(key)), Is.EqualTo(message));

    [Test]
    public async Task A_refused_Commit_measures_nothing()
    {
        var error = await ErrorOf(() => Store.CommitAsync(
            "name", "view", "", Calls.NoLabels, (_, _) => throw new AssertionException("It was measured.")));

        Assert.That(error, Is.EqualTo(SnapshotterError.FailedPrecondition));
    }

    [Test]
    public async Task A_refused_Prepare_makes_nothing()
    {
        var error = await ErrorOf(() => Store.CreateAsync(
            SnapshotKind.Active, "active", "", Calls.NoLabels, (_, _) => throw new AssertionException("It was made.")));

        Assert.That(error, Is.EqualTo(SnapshotterError.AlreadyExists));
    }

    [Test]
    public async Task Commit_of_a_snapshot_that_is_removed_meanwhile_says_so()
    {
        var error = await ErrorOf(() => Store.CommitAsync("name", "active", "", Calls.NoLabels, async (_, token) =>
        {
            await Store.RemoveAsync("active", token);
            throw new IOException("Its directory is gone.");
        }));

        Assert.That(error, Is.EqualTo(SnapshotterError.NotFound));
    }

    [Test]
    public async Task Commit_gives_a_snapshot_without_a_parent_the_named_one()
    {
        var committed = await Store.CommitAsync("rebased", "base", "layer");

        Assert.Multiple(() =>
        {
            Assert.That(committed.Info.Parent, Is.EqualTo("layer"));
            Assert.That(Store.Stat("rebased"), Is.EqualTo(committed.Info));
            Assert.That(Store.Find("rebased")!.Parents, Is.EqualTo(new[] { Store.Find("layer")!.Number }));
        });
    }

    [Test]
    public async Task Commit_may_name_the_present_parent()
    {
        var committed = await Store.CommitAsync("name", "active", "layer");

        Assert.That(committed.Info.Parent, Is.EqualTo("layer"));
    }

    [TestCase("missing", SnapshotterError.NotFound)]
    [TestCase("", SnapshotterError.NotFound)]
    [TestCase("layer", SnapshotterError.FailedPrecondition)]
    public async Task Remove_is_refused(string key, SnapshotterError error) =>
        Assert.That(await ErrorOf(() => Store.RemoveAsync(key)), Is.EqualTo(error));

    [Test]
    public async Task Remove_of_a_snapshot_with_children_says_remove()
    {
        var exception = await Assert.ThrowsAsync<SnapshotterException>(async () => await Store.RemoveAsync("layer"));

        Assert.That(exception!.Message, Does.Contain("remove"), "containerd's garbage collection looks for the word.");
    }

    [Test]
    public async Task A_removed_key_is_free_at_once()
    {
        var removed = await Store.RemoveAsync("active");
        var again = await Store.PrepareAsync("active");

        Assert.That(again.Number, Is.GreaterThan(removed.Number));
    }

    [Test]
    public async Task Update_checks_the_snapshot_before_the_paths()
    {
        var missing = new SnapshotInfo { Name = "missing", Kind = SnapshotKind.Unknown };

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await ErrorOf(() => Store.UpdateAsync(missing, ["parent"])), Is.EqualTo(SnapshotterError.NotFound));
            Assert.That(await ErrorOf(() => Store.UpdateAsync(missing with { Name = "active" }, ["parent"])), Is.EqualTo(SnapshotterError.InvalidArgument));
        });
    }

    [Test]
    public void Only_active_snapshots_and_views_are_created() => Assert.That(
        async () => await Store.CreateAsync(SnapshotKind.Committed, "key", "", Calls.NoLabels, (_, _) => ValueTask.CompletedTask),
        Throws.ArgumentException);

    private static async Task<string> MessageOf(Func<Task> call) =>
        (await Assert.ThrowsAsync<SnapshotterException>(async () => await call()))!.Message;
}
