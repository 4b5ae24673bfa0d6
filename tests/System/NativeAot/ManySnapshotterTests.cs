using Containerd.Snapshots.Tests.NativeAot.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.NativeAot;

/// <summary>A user's program, published natively, with few calls and very many snapshots.</summary>
internal sealed class ManySnapshotterTests
{
    private DirectoryInfo _folder = null!;
    private CommandResult _publish = null!;
    private NativeProcess _process = null!;

    [OneTimeSetUp]
    public async Task PublishAndStart()
    {
        _folder = Directory.CreateTempSubdirectory("aot-");
        (var binary, _publish) = await PublishedApp.Value;
        _process = await NativeProcess.StartAsync(binary, _folder);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
            await _process.DisposeAsync();

        _folder.Delete(recursive: true);
    }

    [Test]
    public void It_is_published_without_a_warning() => Assert.That(_publish.Output + _publish.Error, Does.Not.Contain("warn").IgnoreCase);

    [Test]
    public void Calls_that_the_class_lacks_are_unimplemented() => Assert.Multiple(() =>
    {
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Prepare(new() { Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.View(new() { Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Mounts(new() { Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Commit(new() { Name = "n", Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Remove(new() { Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Update(new() { Info = new() { Name = "n" } }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Usage(new() { Key = "k" }));
        Rpc.Fails(StatusCode.Unimplemented, () => _process.Calls.Cleanup(new()));
    });

    [Test]
    public async Task A_hundred_thousand_infos_cost_less_than_10_MB_of_memory()
    {
        const long Limit = 10_000;
        var before = _process.Memory("VmRSS");

        using var list = _process.Calls.List(new());
        var names = new HashSet<string>();
        await foreach (var message in list.ResponseStream.ReadAllAsync())
            names.UnionWith(message.Info.Select(each => each.Name));

        Assert.That(names, Has.Count.EqualTo(100_000));
        Assert.That(_process.Memory("VmHWM") - before, Is.LessThan(Limit)); // The peak includes memory that was returned.
    }

    // .NET's default is ten times larger. Only this test notices a .NET that no longer has the setting.
    [Test]
    public async Task Garbage_is_collected_for_every_MB_or_two_as_the_package_s_build_sets_it()
    {
        const int LeastAllocated = 30; // MB: a hundred thousand infos, with two strings of 71 characters each.
        var before = Collections();

        using var list = _process.Calls.List(new());
        await list.ResponseStream.ReadAllAsync().CountAsync();

        Assert.That(Collections() - before, Is.GreaterThanOrEqualTo(LeastAllocated / 2));
    }

    private int Collections() =>
        int.Parse(_process.Calls.Stat(new() { Key = "collections" }).Info.Parent, System.Globalization.CultureInfo.InvariantCulture);
}
