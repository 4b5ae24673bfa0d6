using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fuse;

/// <summary>Layers that other processes read through FUSE and EROFS while they are filled.</summary>
[Category("Root")]
[NonParallelizable]
internal sealed class LazyImageMountTests
{
    private const int Chunk = 64 << 10;

    private static readonly int[] Many = [.. Enumerable.Range(0, 200).Select(i => i * 397 % 60_000), 3 << 20, 5 << 20];

    [Test]
    public async Task All_files_are_read()
    {
        await using var served = await ServedLayer.StartAsync(Many);

        await served.AssertEqualAsync();
        ServedLayer.DropCaches();
        await served.AssertEqualAsync();

        var device = (await Command.RunAsync(["mountpoint", "-d", served.FuseDirectory])).Output.Trim();
        Assert.That(await File.ReadAllTextAsync($"/sys/class/bdi/{device}/read_ahead_kb"), Is.EqualTo("1024\n"));
        Assert.That(served.Layer.Image.IsComplete, Is.True);
        Assert.That(served.Layer.Source.Calls, Has.Count.LessThan(60), "runs of chunks");
    }

    [Test]
    public async Task Only_what_is_read_is_fetched()
    {
        await using var served = await ServedLayer.StartAsync(Many);

        (await Command.RunAsync(["find", served.Files, "-size", "+1k"])).AssertSucceeded();
        Assert.That(served.Layer.Source.Calls, Is.Empty);

        await AssertReadAsync(served, "file0007");
        Assert.That(served.Layer.Source.Calls, Has.Count.LessThan(4));
    }

    [Test]
    public async Task The_directory_lists_its_files_read_only()
    {
        await using var served = await ServedLayer.StartAsync([Chunk]);
        await using var other = Lazy.TestLayer.Create([5]);
        served.Mount.Add("sha256:other", other.Image);

        var list = await Command.RunAsync(["stat", "-c", "%n %s %A", served.Mount.PathOf("layer"), served.Mount.PathOf("sha256:other"), served.FuseDirectory]);
        Assert.That(list.Lines, Is.EqualTo([$"{served.FuseDirectory}/layer {served.Layer.Image.Length} -r--------", $"{served.FuseDirectory}/sha256:other {other.Image.Length} -r--------", $"{served.FuseDirectory} 0 drwx------"]));
        Assert.That((await Command.RunAsync(["ls", served.FuseDirectory])).Lines, Is.EquivalentTo(["layer", "sha256:other"]));
        Assert.That((await Command.RunAsync(["cat", served.Mount.PathOf("missing")])).Error, Does.Contain("No such file"));
        Assert.That((await Command.RunAsync(["touch", served.Mount.PathOf("new")])).Error, Does.Contain("Read-only file system"));
        Assert.That((await Command.RunAsync(["df", served.FuseDirectory])).ExitCode, Is.Zero);

        Assert.That((served.Mount.Remove("sha256:other"), served.Mount.Remove("sha256:other")), Is.EqualTo((true, false)));
        Assert.That((await Command.RunAsync(["cat", served.Mount.PathOf("sha256:other")])).ExitCode, Is.Not.Zero);
        foreach (var name in (string[])["", ".", "..", "a/b", "a\0", new('x', 256), "layer"])
            Assert.That(() => served.Mount.Add(name, other.Image), Throws.ArgumentException);
    }

    [Test]
    public async Task Reads_that_wait_block_no_others()
    {
        await using var served = await ServedLayer.StartAsync([2 << 20, 2 << 20, 2 << 20, 2 << 20, 2 << 20, 2 << 20, 2 << 20, 100]);
        await AssertReadAsync(served, "file0007");
        var gate = new TaskCompletionSource();
        served.Layer.Source.Gate = gate.Task;

        var waiting = Enumerable.Range(0, 7).Select(i => AssertReadAsync(served, $"file000{i}")).ToList();
        await Eventually.TrueAsync(() => served.Layer.Image.GetCounters().Waits >= 8, "seven readers wait");
        ServedLayer.DropCaches();
        await Eventually.Within(AssertReadAsync(served, "file0007"));
        Assert.That(waiting.Select(each => each.IsCompleted), Has.None.True);

        gate.SetResult();
        await Eventually.Within(Task.WhenAll(waiting));
    }

    [Test]
    public async Task Wrong_bytes_are_an_error_and_never_shown()
    {
        await using var served = await ServedLayer.StartAsync(Many, chunkLength: 8192);
        var random = new Random(5);
        var flipped = served.Layer.Chunks.Where(_ => random.Next(10) == 0).ToHashSet();
        served.Layer.Source.Change = (_, chunk, content) => flipped.Contains(chunk) ? Flipped(content, random) : content;

        var comparison = await served.CompareAsync();
        Assert.That(comparison.Error, Does.Contain("Input/output error"));
        Assert.That(comparison.Output, Does.Not.Contain("differ"));

        served.Layer.Source.Change = null;
        ServedLayer.DropCaches();
        await served.AssertEqualAsync();
    }

    [Test]
    public async Task Killed_readers_wait_no_longer()
    {
        await using var served = await ServedLayer.StartAsync([Chunk]);
        served.Layer.Source.Gate = new TaskCompletionSource().Task;
        using var reader = Command.Start(["cat", served.Mount.PathOf(ServedLayer.Name)]);
        await Eventually.TrueAsync(() => served.Layer.Source.Calls.Count > 0, "the reader waits");

        reader.Kill();

        await Eventually.Within(reader.WaitForExitAsync());
    }

    [Test]
    public async Task Readers_wait_for_the_next_server()
    {
        await using var served = await ServedLayer.StartAsync(Many, chunkLength: 16384);
        var number = (await Command.RunAsync(["stat", "-c", "%i", served.Mount.PathOf(ServedLayer.Name)])).Output;
        var comparisons = Enumerable.Range(0, 3).Select(_ => served.CompareAsync()).ToList();
        for (var i = 0; i < 10; i++)
        {
            var gate = new TaskCompletionSource();
            var calls = served.Layer.Source.Calls.Count;
            served.Layer.Source.Gate = gate.Task;
            await Eventually.TrueAsync(() => served.Layer.Source.Calls.Count > calls || served.Layer.Image.IsComplete, "readers wait");

            await Eventually.Within(served.StopAsync());
            gate.SetResult();
            served.Resume();
        }

        foreach (var comparison in comparisons)
            (await Eventually.Within(comparison)).AssertSucceeded();
        Assert.That((await Command.RunAsync(["stat", "-c", "%i", served.Mount.PathOf(ServedLayer.Name)])).Output, Is.EqualTo(number));
    }

    [Test]
    public async Task A_refused_image_can_be_read_no_more()
    {
        await using var served = await ServedLayer.StartAsync([2 << 20]);

        served.Layer.Image.Refuse("its table lies");

        Assert.That((await Command.RunAsync(["cat", $"{served.Files}/file0000"])).Error, Does.Contain("Input/output error"));
    }

    [Test]
    public async Task An_abort_ends_readers_that_wait()
    {
        await using var served = await ServedLayer.StartAsync([2 << 20]);
        served.Layer.Source.Gate = new TaskCompletionSource().Task;
        var reader = Command.RunAsync(["cat", $"{served.Files}/file0000"]);
        await Eventually.TrueAsync(() => served.Layer.Source.Calls.Count > 0, "the reader waits");

        LazyImageMount.Abort(served.FuseDirectory);

        Assert.That((await Eventually.Within(reader)).ExitCode, Is.Not.Zero);
        await Eventually.Within(served.Mount.Ended);
    }

    [Test]
    public async Task The_server_notices_that_it_is_unmounted()
    {
        await using var served = await ServedLayer.StartAsync([5]);
        ErofsMount.Unmount(Path.GetDirectoryName(served.Files)!);

        ErofsMount.Unmount(served.FuseDirectory);

        await Eventually.Within(served.Mount.Ended);
    }

    private static async Task AssertReadAsync(ServedLayer served, string name) =>
        (await Command.RunAsync(["cmp", $"{served.Expected}/{name}", $"{served.Files}/{name}"])).AssertSucceeded();

    private static ReadOnlyMemory<byte> Flipped(ReadOnlyMemory<byte> content, Random random)
    {
        var copy = content.ToArray();
        lock (random)
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }
}
