using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>What a restart keeps and what it removes.</summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class RestartTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private const int Layers = 128, Files = 20_000;

    [TestCase("TERM")]
    [TestCase("KILL")]
    public async Task Everything_is_there_after_a_restart(string signal)
    {
        NativeProcess process;
        await using (process = await StartAsync())
        {
            process.Calls.Layer("base");
            process.Calls.Layer("layer", "base");
            process.Calls.Prepare("active", "layer");
            process.Calls.View("view", "layer");
            process.Calls.Update(new() { Info = new() { Name = "base", Labels = { ["a"] = "1" } } });
        }

        var before = await SeenAsync();
        await using (process = await StartAsync())
            await process.StopAsync(signal);

        Assert.That(await SeenAsync(), Is.EqualTo(before));

        async Task<object> SeenAsync()
        {
            await using var again = await StartAsync();
            var infos = await again.Calls.ListAsync();
            return string.Join('\n', infos.Select(info => $"{info} {again.Calls.Usage(info.Name)}"))
                + again.Calls.Mounts(new() { Key = "active" }) + again.Calls.Mounts(new() { Key = "view" });
        }
    }

    [Test]
    public async Task A_removed_snapshots_directory_is_gone_after_a_cleanup_and_no_other()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        process.Calls.Layer("removed", "base");
        var number = Root.NumberOf("removed");

        process.Calls.Remove("removed");
        process.Calls.Cleanup();

        Assert.That(Root.Numbers(), Is.EqualTo(new[] { Root.NumberOf("base") }).And.None.EqualTo(number));
    }

    [Test]
    public async Task A_start_removes_unused_directories_and_leaves_foreign_ones()
    {
        await using (var earlier = await StartAsync())
        {
            earlier.Calls.Layer("base");
            await earlier.StopAsync("TERM");
        }

        var (garbage, foreign) = ($"{Root.Snapshots}/77", $"{Root.Snapshots}/lost+found");
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory($"{garbage}/fs").FullName, "file"), "nobody's");
        Directory.CreateDirectory(foreign);
        await using var process = await StartAsync();

        await Eventually.TrueAsync(() => !Directory.Exists(garbage), "the garbage is removed");
        process.Calls.Prepare("key", "base");
        Assert.Multiple(() =>
        {
            Assert.That(Directory.Exists(foreign), Is.True);
            Assert.That(Root.NumberOf("key"), Is.GreaterThan(77), "A number that the disk has seen is not handed out.");
        });
    }

    [Test]
    public async Task A_stop_does_not_wait_for_removals_in_the_background()
    {
        await using (var process = await StartAsync())
        {
            var directory = process.Calls.Prepare("large").Writable();
            for (var i = 0; i < Files; i++)
                await File.Create(Path.Combine(directory, $"{i}")).DisposeAsync();

            process.Calls.Remove("large");
            var (exitCode, log) = await process.StopAsync("TERM");
            Assert.That(exitCode, Is.Zero, log);
            Assert.That(log, Does.Not.Contain("error:").IgnoreCase.And.Not.Match("warn:(?!.* is in memory )"));
        }

        await using var next = await StartAsync();
        next.Calls.Cleanup();
        Assert.That(Root.Numbers(), Is.Empty);
    }

    [Test]
    public async Task A_process_takes_over_at_once_from_one_that_is_stopped_or_killed()
    {
        foreach (var signal in (string[])["TERM", "KILL", "KILL", "TERM", "TERM"])
        {
            await using var process = await StartAsync();
            process.Calls.Prepare($"{(await process.Calls.ListAsync()).Count}");
            await process.StopAsync(signal);
        }

        await using var last = await StartAsync();
        Assert.That((await last.Calls.ListAsync()).Select(info => info.Name), Is.EqualTo(new[] { "0", "1", "2", "3", "4" }));
    }

    [Test]
    public async Task A_snapshot_can_have_many_layers()
    {
        await using var process = await StartAsync();
        for (var i = 0; i < Layers; i++)
            process.Calls.Layer($"layer-{i}", i == 0 ? "" : $"layer-{i - 1}");

        var mount = process.Calls.Prepare("key", $"layer-{Layers - 1}").Single();

        var expected = Enumerable.Range(0, Layers).Reverse().Select(i => $"from-layer-{i}");
        Assert.That(mount.Lower().SelectMany(Directory.GetFiles).Select(Path.GetFileName), Is.EqualTo(expected), "The nearest parent comes first.");
    }
}
