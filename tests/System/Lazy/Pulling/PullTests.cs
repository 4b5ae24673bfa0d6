namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>Images that are pulled by containerd 2, with layers from the snapshotter.</summary>
internal sealed class PullTests : LazyTest
{
    // More than are written at the same time, and few enough that their names are in order.
    private const int Layers = 10;

    private static readonly string[] Files = ["changed by three", "of two"];

    [Test]
    public async Task Image_runs_on_layers_that_containerd_does_not_have_and_is_removed_without_a_trace()
    {
        var image = await PushAsync();

        await PullAsync(image);

        Assert.That(await RunAsync(image), Is.EqualTo(Files));
        await AssertSuppliedAsync(image);
        Assert.That(await FetchedOfAsync(image), Is.EquivalentTo(image.Layers.Select(layer => layer.Digest)), "each layer once");
        await RemoveAsync(image);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Eight_clients_in_two_namespaces_fetch_each_layer_once()
    {
        var image = await PushAsync("test/app:1", [.. Enumerable.Range(0, Layers).Select(index => TestLayer.OfSize($"{index}", 300_000))]);
        var other = $"{Node.Box.Name}-2";

        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => PullAsync(image, client % 2 == 0 ? null : other)));

        Assert.That(await FetchedOfAsync(image), Is.EquivalentTo(image.Layers.Select(layer => layer.Digest)), "each layer once");
        Assert.That(await RunAsync(image), Is.EqualTo(Enumerable.Range(0, Layers).Select(index => $"of {index}").Append("of base")));
        Assert.That((await Ctr("--namespace", other, "run", "--rm", Reference(image), "one")).Lines, Has.Length.EqualTo(Layers + 1));
        await AssertSuppliedAsync(image);
        await RemoveAsync(image);
        Assert.That((await Ctr("--namespace", other, "run", "--rm", Reference(image), "two")).Lines, Has.Length.EqualTo(Layers + 1), "the other namespace has it still");
        await RemoveAsync(image, other);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Images_share_their_layers()
    {
        var (one, two) = (await PushAsync("test/one:1", TestLayer.OfSize("one", 1000)), await PushAsync("test/two:1", TestLayer.OfSize("two", 1000)));

        await Task.WhenAll(PullAsync(one), PullAsync(two));

        Assert.That(await FetchedOfAsync(one), Has.Exactly(1).EqualTo(TestLayer.Busybox.Digest));
        await RemoveAsync(one);
        Assert.That(await RunAsync(two), Is.EqualTo(new[] { "of base", "of two" }));
        Assert.That((await Node.StatesAsync(one))[1], Is.Null);
        await AssertSuppliedAsync(two);
        await RemoveAsync(two);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Pulled_again_after_its_removal_it_runs()
    {
        var image = await PushAsync();
        await PullAsync(image);
        await RemoveAsync(image);

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(Files));
    }

    [Test]
    public async Task Usage_of_a_layer_is_what_its_files_take()
    {
        var image = await PushAsync();
        await PullAsync(image);

        var usage = (await Ctr("snapshots", "usage", "-b")).Lines;

        foreach (var (layer, name) in image.Layers.Zip(image.ChainIds))
        {
            var record = (await Node.LayerAsync(layer))!.Value;
            Assert.That(record.GetProperty("diskSize").GetInt64(), Is.Positive);
            Assert.That(usage, Has.Some.Match($"^{name} +{record.GetProperty("diskSize").GetInt64()} +{record.GetProperty("inodes").GetInt64()} *$"));
        }
    }

    private async Task<IReadOnlyList<string>> FetchedOfAsync(PushedImage image) =>
        [.. (await Node.Registry.FetchedAsync()).Where(digest => image.Layers.Any(layer => layer.Digest == digest))];
}
