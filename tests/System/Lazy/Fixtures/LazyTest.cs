using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>Gives each test its own node with containerd 2, and prints the logs of a failed test.</summary>
[Category("Root")]
[Category("Containerd")]
[NonParallelizable]
internal abstract class LazyTest
{
    private Node? _node;

    protected Node Node => _node!;

    [SetUp]
    public async Task StartNode()
    {
        Tools.Require("ctr", "runc", "busybox", "unshare", "nsenter", "docker-registry");
        var containerd2 = Tools.RequireContainerd2();
        _node = await Node.StartAsync(node => StartContainerdAsync(node, containerd2), PrepareAsync, Options);
    }

    [TearDown]
    public async Task StopNode()
    {
        // NUnit calls this also when StartNode has failed or the test is ignored.
        if (_node is null)
            return;

        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await TestContext.Out.WriteLineAsync(Node.Logs);

        await _node.DisposeAsync();
        _node = null;
    }

    protected virtual async Task<PrivateContainerd> StartContainerdAsync(Node node, string containerd2) =>
        await PrivateContainerd.StartWithAsync(node.Box, await node.ConfigAsync("2"), containerd2);

    /// <summary>Further options of the snapshotter.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    /// <summary>Prepares the node before the snapshotter starts.</summary>
    protected virtual Task PrepareAsync(Node node) => Task.CompletedTask;

    /// <summary>Runs ctr and asserts that it succeeds.</summary>
    protected async Task<CommandResult> Ctr(params IReadOnlyList<string> arguments) => (await Node.Containerd.CtrAsync(arguments)).AssertSucceeded();

    /// <summary>Pushes an image with three layers: gzip, zstd and not compressed.</summary>
    protected Task<PushedImage> PushAsync(string name = "test/app:1") => PushedImage.PushAsync(
        Node.Registry.Address,
        name,
        TestLayer.Busybox,
        TestLayer.Zstd(OciArchive.Folder("files/"), OciArchive.Text("files/two", "of two\n")),
        TestLayer.Plain(OciArchive.Folder("files/"), OciArchive.Text("files/base", "changed by three\n")));

    /// <summary>Pushes an image with the base layer and others.</summary>
    protected Task<PushedImage> PushAsync(string name, params IReadOnlyList<TestLayer> above) => PushedImage.PushAsync(Node.Registry.Address, name, [TestLayer.Busybox, .. above]);

    /// <summary>Pulls an image from the registry in front; the result is not looked at.</summary>
    protected Task<CommandResult> TryPullAsync(PushedImage image, string? inNamespace = null) =>
        Node.Containerd.CtrAsync([.. Node.In(inNamespace), "images", "pull", Reference(image)]);

    protected async Task PullAsync(PushedImage image, string? inNamespace = null) => (await TryPullAsync(image, inNamespace)).AssertSucceeded();

    /// <summary>Removes an image and collects garbage.</summary>
    protected Task RemoveAsync(PushedImage image, string? inNamespace = null) => Ctr([.. Node.In(inNamespace), "images", "rm", "--sync", Reference(image)]);

    /// <summary>Runs a container with the image's command, which prints its files, or another one.</summary>
    protected async Task<string[]> RunAsync(PushedImage image, params IReadOnlyList<string> command) =>
        (await Ctr(["run", "--rm", Reference(image), $"run-{Guid.NewGuid():N}", .. command])).Lines;

    protected string Reference(PushedImage image) => image.At(Node.Hostile.Address);

    /// <summary>Asserts that the image's files are the snapshotter's: containerd has none of its layers.</summary>
    protected async Task AssertSuppliedAsync(PushedImage image)
    {
        Assert.That(await Node.StatesAsync(image), Is.All.EqualTo("Complete"));
        Assert.That(await Node.ContentAsync(), Is.SupersetOf(new[] { image.Manifest, image.Configuration }));
        Assert.That((await Node.ContentAsync()).Intersect(image.Layers.Select(layer => layer.Digest)), Is.Empty);
    }

    /// <summary>Asserts that the image was removed, and that nothing is left of it.</summary>
    protected async Task AssertNothingLeftAsync()
    {
        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
        IReadOnlyList<string> files = [], mounts = [];
        await Eventually.TrueAsync(
            async () =>
            {
                // The mount that lazy layers are served from stays as long as the snapshotter runs.
                (files, mounts) = (await Node.FilesAsync(), [.. (await Node.MountsAsync()).Where(mount => !mount.EndsWith("/layers/lazy", StringComparison.Ordinal))]);
                return files.Count + mounts.Count == 0;
            },
            "nothing is left");
    }

    /// <summary>The images that are half written.</summary>
    protected async Task<IReadOnlyList<string>> PartsAsync() => [.. (await Node.FilesAsync()).Where(file => file.EndsWith(".part", StringComparison.Ordinal))];

    /// <summary>Waits until as many layers are promised or supplied as snapshots.</summary>
    protected Task PromisedAsync(int snapshots) =>
        Eventually.TrueAsync(
        async () => (await Node.FilesAsync()).Count(file => file.StartsWith("layers/snapshots/", StringComparison.Ordinal)) >= snapshots, $"{snapshots} layers are promised");

    /// <summary>Waits until containerd reaches the snapshotter again, after a restart.</summary>
    protected async Task ReachSnapshotter()
    {
        // Not a list, which asks for each snapshot, and waits for promised ones.
        await Eventually.TrueAsync(async () => (await Node.Containerd.CtrAsync("snapshots", "prepare", "reach")).ExitCode == 0, "containerd reaches the snapshotter again");
        await Ctr("snapshots", "rm", "reach");
    }
}
