namespace Containerd.Snapshots.Tests.Lazy.Commands;

/// <summary>The command fetch.</summary>
internal sealed class FetchTests : LazyTest
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Fetched_image_is_pulled_without_fetching_a_layer(bool isRunning)
    {
        var image = await PushAsync();
        if (!isRunning)
            await Node.Snapshotter.StopAsync();

        var fetch = await FetchAsync(Reference(image));
        var fetched = await Node.Registry.FetchedAsync();
        if (!isRunning)
        {
            await Node.Snapshotter.StartAsync();
            await ReachSnapshotter();
        }

        Assert.That(await KeptUntilAsync(image), Is.All.GreaterThan(DateTimeOffset.UtcNow.AddDays(6)));
        await PullAsync(image);

        Assert.That(fetch.AssertSucceeded().Lines.Select(line => line.Split(' ')[0]), Is.EqualTo(image.Layers.Select(layer => layer.Digest)));
        Assert.That(fetched, Is.SupersetOf(image.Layers.Select(layer => layer.Digest)));
        Assert.That((await Node.Registry.FetchedAsync()).Skip(fetched.Count).Intersect(image.Layers.Select(layer => layer.Digest)), Is.Empty);
        await AssertSuppliedAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "changed by three", "of two" }));
    }

    [Test]
    public async Task What_cannot_be_fetched_is_said()
    {
        var image = await PushAsync();
        Node.Hostile.Break(image.Layers[1].Digest, Faults.Status(403));

        var (denied, missing, invalid) = (await FetchAsync(Reference(image)), await FetchAsync($"{Node.Hostile.Address}/test/nothing:1"), await FetchAsync("test"));

        AssertFailed(denied, $"denies blob {image.Layers[1].Digest}");
        AssertFailed(missing, $"{Node.Hostile.Address} does not have");
        AssertFailed(invalid, "\"test\" is not a full reference");
        Assert.That(await PartsAsync(), Is.Empty);
    }

    private async Task<IReadOnlyList<DateTimeOffset>> KeptUntilAsync(PushedImage image)
    {
        var times = new List<DateTimeOffset>();
        foreach (var layer in image.Layers)
            times.Add((await Node.LayerAsync(layer))!.Value.GetProperty("keptUntil").GetDateTimeOffset());

        return times;
    }

    private static void AssertFailed(CommandResult result, string reason)
    {
        Assert.That(result.ExitCode, Is.Not.Zero, $"{result}");
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.TrimEnd(), Does.Not.Contain('\n'));
    }

    private Task<CommandResult> FetchAsync(string image) => Node.Snapshotter.RunAsync("fetch", "--root", Node.Snapshotter.Root, "--hosts-dir", Node.Hosts, image);
}
