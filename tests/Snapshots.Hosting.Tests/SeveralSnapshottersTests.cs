using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>Requests go to the snapshotter that they name.</summary>
internal sealed class SeveralSnapshottersTests
{
    [Test]
    public async Task Each_name_has_its_own_snapshotter_and_root()
    {
        var roots = new Dictionary<string, string>();
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.CreateBuilder(args)
            .AddSnapshotter("fast", context => Named(context, roots))
            .AddSnapshotter("cheap", context => Named(context, roots))
            .RunAsync(token));

        Assert.Multiple(() =>
        {
            Assert.That(host.Calls.Stat(new() { Snapshotter = "fast", Key = "k" }).Info.Parent, Is.EqualTo("fast"));
            Assert.That(host.Calls.Stat(new() { Snapshotter = "cheap", Key = "k" }).Info.Parent, Is.EqualTo("cheap"));
            Assert.That(roots["fast"], Does.EndWith("/root/fast"));
            Assert.That(roots["cheap"], Does.EndWith("/root/cheap"));
            Assert.That(Directory.Exists(roots["fast"]), Is.True);
        });
    }

    [Test]
    public async Task Snapshotters_can_be_created_asynchronously()
    {
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.CreateBuilder(args)
            .AddSnapshotter("fast", _ => new Scripted())
            .AddSnapshotter("slow", async _ =>
            {
                await Task.Yield();
                return new Scripted();
            })
            .RunAsync(token));

        Assert.That(() => host.Calls.Remove(new() { Snapshotter = "slow", Key = "k" }), Throws.Nothing);
    }

    [TestCase("slow")]
    [TestCase("")]
    public async Task An_unknown_name_is_not_found_and_the_error_lists_the_known_ones(string name)
    {
        await using var host = await RunningHost.StartAsync((args, token) => SnapshotterHost.CreateBuilder(args)
            .AddSnapshotter("fast", _ => new Scripted())
            .AddSnapshotter("cheap", _ => new Scripted())
            .RunAsync(token));

        Rpc.Fails(StatusCode.NotFound, () => host.Calls.Remove(new() { Snapshotter = name, Key = "k" }), $"\"{name}\"", "cheap, fast");
    }

    [Test]
    public async Task A_snapshotter_without_a_name_can_be_created_asynchronously()
    {
        await using var alone = await RunningHost.StartAsync((args, token) => SnapshotterHost.RunAsync(args, CreateAsync, token));
        await using var built = await RunningHost.StartAsync((args, token) => SnapshotterHost.CreateBuilder(args).AddSnapshotter(CreateAsync).RunAsync(token));

        Assert.That(() => alone.Calls.Remove(new() { Key = "k" }), Throws.Nothing);
        Assert.That(() => built.Calls.Remove(new() { Key = "k" }), Throws.Nothing);

        static async Task<Scripted> CreateAsync(SnapshotterHostContext context)
        {
            await Task.Yield();
            return new();
        }
    }

    [TestCase("")]
    [TestCase("whatever the operator chose")]
    public async Task A_snapshotter_without_a_name_answers_every_name(string name)
    {
        await using var host = await RunningHost.StartAsync(new Scripted());

        Assert.That(() => host.Calls.Remove(new() { Snapshotter = name, Key = "k" }), Throws.Nothing);
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/b")]
    public void A_name_that_is_not_a_directory_name_is_refused(string name) => Assert.That(
        () => SnapshotterHost.CreateBuilder([]).AddSnapshotter(name, _ => new Scripted()), Throws.ArgumentException);

    [Test]
    public void A_name_cannot_be_used_twice() => Assert.That(
        () => SnapshotterHost.CreateBuilder([]).AddSnapshotter("a", _ => new Scripted()).AddSnapshotter("a", _ => new Scripted()),
        Throws.ArgumentException.With.Message.Contains("\"a\""));

    private static Scripted Named(SnapshotterHostContext context, Dictionary<string, string> roots)
    {
        roots[context.Name!] = context.Root;
        return new() { OnStat = key => new() { Name = key, Kind = SnapshotKind.Committed, Parent = context.Name! } };
    }
}
