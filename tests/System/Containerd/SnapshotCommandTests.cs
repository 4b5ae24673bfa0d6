using System.Text.Json;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Each command of "ctr snapshots", through containerd's proxy.</summary>
internal sealed class SnapshotCommandTests : ContainerdTest
{
    [Test]
    public async Task Info_shows_kind_and_parent()
    {
        await PrepareAndCommit("base");
        await Ctr("snapshots", "prepare", "child", "base");

        var info = await Info("child");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(info.GetProperty("Kind").GetString(), Is.EqualTo("Active"));
            Assert.That(info.GetProperty("Name").GetString(), Is.EqualTo("child"));
            Assert.That(info.GetProperty("Parent").GetString(), Is.EqualTo("base"));
            Assert.That(info.GetProperty("Created").GetDateTime(), Is.EqualTo(DateTime.UtcNow).Within(1).Minutes);
        }
    }

    [Test]
    public async Task Usage_counts_what_was_written()
    {
        await Ctr("snapshots", "prepare", "layer");
        await WriteInto("layer", "head -c 100000 /dev/zero >data");

        var usage = await Ctr("snapshots", "usage", "-b", "layer");

        var columns = usage.Lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(columns[0], Is.EqualTo("layer"));
        Assert.That(long.Parse(columns[1]), Is.InRange(100_000, 150_000), usage.Output);
    }

    [Test]
    public async Task Label_is_set_and_removed()
    {
        const string Label = "containerd.io/snapshot/color";
        await PrepareAndCommit("base");

        await Ctr("snapshots", "label", "base", $"{Label}=blue");
        var labelled = await Node.Snapshotter.ListAsync();
        await Ctr("snapshots", "label", "base", $"{Label}=");
        var bare = await Node.Snapshotter.ListAsync();

        // containerd passes only labels with this prefix to the snapshotter.
        Assert.That(labelled.Single().Labels, Does.ContainKey(Label).WithValue("blue"));
        Assert.That(bare.Single().Labels, Does.Not.ContainKey(Label));
    }

    [Test]
    public async Task View_is_read_only()
    {
        await PrepareAndCommit("base", "echo ground >file.txt");
        await Ctr("snapshots", "view", "look", "base");
        var target = await MountSnapshot("look");

        var read = await Node.Box.RunAsync(["cat", $"{target}/file.txt"]);
        var write = await Node.Box.RunAsync(["touch", $"{target}/new.txt"]);

        Assert.That(read.AssertSucceeded().Output, Is.EqualTo("ground\n"));
        Assert.That(write.Error, Does.Contain("Read-only file system"));
    }

    [Test]
    public async Task Mounts_are_the_same_again()
    {
        await PrepareAndCommit("base");
        var prepared = await Ctr("snapshots", "prepare", "--target", "/target", "child", "base");

        var again = await Ctr("snapshots", "mounts", "/target", "child");

        Assert.That(again.Output, Is.EqualTo(prepared.Output));
        Assert.That(again.Output, Does.StartWith("mount -t "));
    }

    [Test]
    public async Task Removed_snapshot_is_gone_and_its_key_free_again()
    {
        await Ctr("snapshots", "prepare", "layer");

        await Ctr("snapshots", "rm", "layer");

        Assert.That(await AssertCtrFails("snapshots", "info", "layer"), Does.EndWith("not found"));
        await Ctr("snapshots", "prepare", "layer");
    }

    [Test]
    public async Task Missing_snapshot_is_not_found(
        [Values("info", "rm", "usage")] string command) =>
        Assert.That(await AssertCtrFails("snapshots", command, "nothing"), Does.Contain("not found"));

    [Test]
    public async Task Missing_parent_is_not_found() =>
        Assert.That(await AssertCtrFails("snapshots", "prepare", "layer", "nothing"), Does.EndWith("not found"));

    [Test]
    public async Task Key_in_use_already_exists()
    {
        await Ctr("snapshots", "prepare", "layer");

        Assert.That(await AssertCtrFails("snapshots", "prepare", "layer"), Does.EndWith("already exists"));
    }

    [Test]
    public async Task Name_in_use_already_exists()
    {
        await PrepareAndCommit("base");
        await Ctr("snapshots", "prepare", "layer");

        Assert.That(await AssertCtrFails("snapshots", "commit", "base", "layer"), Does.EndWith("already exists"));
    }

    [Test]
    public async Task Parent_with_children_can_not_be_removed()
    {
        await PrepareAndCommit("base");
        await Ctr("snapshots", "prepare", "child", "base");

        Assert.That(await AssertCtrFails("snapshots", "rm", "base"), Does.EndWith("failed precondition"));
    }

    [Test]
    public async Task View_can_not_be_committed()
    {
        await Ctr("snapshots", "view", "look");

        Assert.That(await AssertCtrFails("snapshots", "commit", "base", "look"), Does.EndWith("failed precondition"));
    }

    [Test]
    public async Task Mounts_of_a_committed_snapshot_are_refused()
    {
        await PrepareAndCommit("base");

        Assert.That(await AssertCtrFails("snapshots", "mounts", "/target", "base"), Does.EndWith("failed precondition"));
    }

    [Test]
    public async Task Snapshot_on_an_active_one_is_refused()
    {
        await Ctr("snapshots", "prepare", "layer");

        Assert.That(await AssertCtrFails("snapshots", "prepare", "child", "layer"), Does.EndWith("invalid argument"));
    }

    private async Task PrepareAndCommit(string name, string script = "true")
    {
        await Ctr("snapshots", "prepare", "active");
        await WriteInto("active", script);
        await Ctr("snapshots", "commit", name, "active");
    }

    private async Task WriteInto(string key, string script)
    {
        var target = await MountSnapshot(key);
        (await Node.Box.RunAsync(["sh", "-e", "-c", $"cd {target}; {script}; cd /; umount {target}"])).AssertSucceeded();
    }

    private async Task<JsonElement> Info(string key) =>
        JsonDocument.Parse((await Ctr("snapshots", "info", key)).Output).RootElement;
}
