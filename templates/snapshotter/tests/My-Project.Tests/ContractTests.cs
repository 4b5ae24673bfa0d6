using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace MyNamespace.Tests;

/// <summary>
/// The checks of the contract: what containerd relies on, whatever the snapshots contain. They need neither containerd nor root.
/// </summary>
[TestFixture]
internal sealed class ContractTests : PluginTest
{
    [Test]
    public void Prepare_and_View_check_the_parent_first_and_then_the_key([Values] bool isView)
    {
        Layer("layer");
        Prepare("used");

        Fails(StatusCode.NotFound, () => Make("used", "missing"));
        Fails(StatusCode.InvalidArgument, () => Make("used", "used"));
        Fails(StatusCode.AlreadyExists, () => Make("used", "layer"));
        Fails(StatusCode.AlreadyExists, () => Make("layer"));

        IReadOnlyList<Mount> Make(string key, string parent = "") => isView ? View(key, parent) : Prepare(key, parent);
    }

    [Test]
    public void A_prepared_snapshot_is_active_and_writable()
    {
        Layer("layer");

        // A read-only mount would tell containerd that the layer exists already.
        Assert.That(Prepare("container", "layer").Any(IsReadOnly), Is.False);
        Assert.That(Stat("container"), Has.Property("Kind").EqualTo(Kind.Active).And.Property("Parent").EqualTo("layer"));
    }

    [Test]
    public void A_view_is_read_only_and_cannot_be_committed()
    {
        Layer("layer");

        Assert.That(View("view", "layer").All(IsReadOnly));
        Assert.That(Stat("view").Kind, Is.EqualTo(Kind.View));
        Fails(StatusCode.FailedPrecondition, () => Commit("name", "view"));
    }

    [Test]
    public void Mounts_returns_what_Prepare_and_View_returned()
    {
        Layer("layer");

        Assert.That(Prepare("container", "layer"), Is.Not.Empty.And.EqualTo(Mounts("container")));
        Assert.That(View("view", "layer"), Is.Not.Empty.And.EqualTo(Mounts("view")));
    }

    [Test]
    public void A_committed_snapshot_has_no_mounts_and_can_be_neither_committed_again_nor_taken_over()
    {
        Layer("layer");
        Prepare("container");

        Fails(StatusCode.FailedPrecondition, () => Mounts("layer"));
        Fails(StatusCode.FailedPrecondition, () => Commit("other", "layer"));
        Fails(StatusCode.AlreadyExists, () => Commit("layer", "container"));
    }

    [Test]
    public void Commit_moves_the_snapshot_to_its_name_and_replaces_the_labels()
    {
        Layer("base");
        Calls.Prepare(new() { Key = "key", Parent = "base", Labels = { ["old"] = "1" } });
        Calls.Commit(new() { Name = "name", Key = "key", Labels = { ["new"] = "2", ["empty"] = "" } });

        var committed = Stat("name");
        Assert.That(committed, Has.Property("Kind").EqualTo(Kind.Committed).And.Property("Parent").EqualTo("base"));
        Assert.That(committed.Labels, Is.EqualTo(new Dictionary<string, string> { ["new"] = "2" }));
        Fails(StatusCode.NotFound, () => Stat("key"));
        Prepare("key", "name"); // The key can be used again.
    }

    [Test]
    public void A_parent_is_kept_until_its_last_child_is_removed()
    {
        Layer("layer");
        Prepare("container", "layer");
        View("view", "layer");

        // containerd goes on with its garbage collection only if the message has this word.
        Assert.That(Fails(StatusCode.FailedPrecondition, () => Remove("layer")), Does.Contain("remove"));
        Remove("container");
        Fails(StatusCode.FailedPrecondition, () => Remove("layer"));
        Remove("view");
        Remove("layer");
    }

    [Test]
    public void A_removed_key_is_free_at_once()
    {
        Prepare("key");
        Remove("key");

        Fails(StatusCode.NotFound, () => Stat("key"));
        Prepare("key");
    }

    [Test]
    public void What_does_not_exist_is_not_found()
    {
        using (Assert.EnterMultipleScope())
        {
            Fails(StatusCode.NotFound, () => Stat("missing"));
            Fails(StatusCode.NotFound, () => Mounts("missing"));
            Fails(StatusCode.NotFound, () => Commit("name", "missing"));
            Fails(StatusCode.NotFound, () => Remove("missing"));
            Fails(StatusCode.NotFound, () => Calls.Usage(new() { Key = "missing" }));
            Fails(StatusCode.NotFound, () => Calls.Update(new() { Info = new() { Name = "missing" } }));
        }
    }

    [Test]
    public void Update_changes_the_named_labels_and_nothing_else()
    {
        Calls.Prepare(new() { Key = "key", Labels = { ["kept"] = "1", ["changed"] = "2", ["removed"] = "3" } });

        var updated = Calls.Update(new()
        {
            Info = new() { Name = "key", Labels = { ["kept"] = "other", ["changed"] = "new" } },
            UpdateMask = new() { Paths = { "labels.changed", "labels.removed" } },
        }).Info;

        Assert.That(updated.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["kept"] = "1", ["changed"] = "new" }));
        Assert.That(Stat("key"), Is.EqualTo(updated));
        Fails(StatusCode.InvalidArgument, () => Calls.Update(new() { Info = new() { Name = "key" }, UpdateMask = new() { Paths = { "parent" } } }));
    }

    [Test]
    public async Task Walk_lists_every_snapshot_and_filters()
    {
        Layer("layer");
        Prepare("a container", "layer");
        View("view", "layer");

        string[] all = ["layer", "a container", "view"], matching = ["layer", "view"];

        // Garbage collection needs the whole list: parents, too.
        Assert.That((await WalkAsync()).Select(info => info.Name), Is.EquivalentTo(all));
        Assert.That((await WalkAsync("kind==committed", "name==view")).Select(info => info.Name), Is.EquivalentTo(matching));
    }

    [Test]
    public void Usage_is_that_of_a_snapshot_without_its_parents()
    {
        Layer("layer");
        Prepare("container", "layer");

        using (Assert.EnterMultipleScope())
        {
            foreach (var key in (string[])["layer", "container"])
                Assert.That(Calls.Usage(new() { Key = key }), Has.Property("Size").AtLeast(0).And.Property("Inodes").AtLeast(1));
        }
    }

    [Test]
    public void Keys_may_have_spaces_and_slashes()
    {
        const string Key = "default/1/extract-1 sha256:aaa/../..";

        Prepare(Key);
        Commit("default/2/sha256:aaa", Key);

        Assert.That(Stat("default/2/sha256:aaa").Kind, Is.EqualTo(Kind.Committed));
    }

    [Test]
    public async Task Snapshots_survive_a_restart()
    {
        Layer("layer");
        var mounts = Prepare("container", "layer");
        var before = await WalkAsync();

        await RestartAsync();

        Assert.That(await WalkAsync(), Is.EquivalentTo(before));
        Assert.That(Mounts("container"), Is.EqualTo(mounts));
    }

    [Test]
    public void Cleanup_frees_the_space_of_removed_snapshots()
    {
        Layer("layer");
        Prepare("container", "layer");
        Remove("container");
        Remove("layer");

        Calls.Cleanup(new());

        Assert.That(Directory.GetFileSystemEntries(Path.Combine(Root, "snapshots")), Is.Empty);
    }

    // An overlay without an upper directory is read-only.
    private static bool IsReadOnly(Mount mount) => mount.Options.Contains("ro")
        || (mount.Type == "overlay" && !mount.Options.Any(option => option.StartsWith("upperdir=", StringComparison.Ordinal)));
}
