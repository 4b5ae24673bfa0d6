using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.NativeAot;

/// <summary>The sample, published natively.</summary>
internal sealed class HelloSnapshotterTests
{
    private DirectoryInfo _folder = null!;
    private string _hello = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        _hello = await PublishedSample.Hello.PathAsync();
        _folder = Directory.CreateTempSubdirectory("aot-");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [Test]
    public async Task It_answers_all_ten_calls()
    {
        await using var process = await StartAsync();
        var calls = process.Calls;

        var prepared = calls.Prepare(new() { Key = "layer", Labels = { ["a"] = "1" } }).Mounts.Single();
        await File.WriteAllTextAsync(Path.Combine(prepared.Source, "file"), "12345");
        calls.Commit(new() { Name = "base", Key = "layer", Labels = { ["b"] = "2" } });
        var usage = calls.Usage(new() { Key = "base" });
        var view = calls.View(new() { Key = "view", Parent = "base" }).Mounts.Single();
        var again = calls.Mounts(new() { Key = "view" }).Mounts.Single();
        var updated = calls.Update(new() { Info = new() { Name = "base", Labels = { ["c"] = "3" } }, UpdateMask = new() { Paths = { "labels.c" } } }).Info;
        var info = calls.Stat(new() { Key = "base" }).Info;
        var names = await ListAsync(calls);
        calls.Remove(new() { Key = "view" });
        calls.Cleanup(new());

        Assert.Multiple(() =>
        {
            Assert.That(prepared, Is.EqualTo(new Mount { Type = "bind", Source = prepared.Source, Options = { "rw", "rbind" } }));
            Assert.That(usage, Is.EqualTo(new UsageResponse { Size = 5, Inodes = 2 }));
            Assert.That(view, Is.EqualTo(new Mount { Type = "bind", Source = prepared.Source, Options = { "ro", "rbind" } }));
            Assert.That(again, Is.EqualTo(view));
            Assert.That(updated, Is.EqualTo(info));
            Assert.That(info.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["b"] = "2", ["c"] = "3" }));
            Assert.That(info.Kind, Is.EqualTo(Kind.Committed));
            Assert.That(names, Is.EquivalentTo(new[] { "base", "view" }));
            Assert.That(Directory.GetDirectories(Path.Combine(_folder.FullName, "root", "hello-snapshots")), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public async Task Errors_are_those_of_the_contract()
    {
        await using var process = await StartAsync();
        var calls = process.Calls;
        calls.Prepare(new() { Key = "layer" });
        calls.Commit(new() { Name = "base", Key = "layer" });
        calls.Prepare(new() { Key = "child", Parent = "base" });
        calls.View(new() { Key = "view", Parent = "base" });

        Assert.Multiple(() =>
        {
            Rpc.Fails(StatusCode.NotFound, () => calls.Stat(new() { Key = "layer" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Prepare(new() { Key = "child", Parent = "missing" }));
            Rpc.Fails(StatusCode.InvalidArgument, () => calls.Prepare(new() { Key = "base", Parent = "child" }));
            Rpc.Fails(StatusCode.AlreadyExists, () => calls.Prepare(new() { Key = "base", Parent = "base" }));
            Rpc.Fails(StatusCode.AlreadyExists, () => calls.View(new() { Key = "child" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Mounts(new() { Key = "missing" }));
            Rpc.Fails(StatusCode.FailedPrecondition, () => calls.Mounts(new() { Key = "base" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Commit(new() { Name = "n", Key = "missing" }));
            Rpc.Fails(StatusCode.AlreadyExists, () => calls.Commit(new() { Name = "base", Key = "view" }));
            Rpc.Fails(StatusCode.AlreadyExists, () => calls.Commit(new() { Name = "child", Key = "child" }));
            Rpc.Fails(StatusCode.FailedPrecondition, () => calls.Commit(new() { Name = "n", Key = "view" }));
            Rpc.Fails(StatusCode.InvalidArgument, () => calls.Commit(new() { Name = "n", Key = "child", Parent = "other" }));
            Rpc.Fails(StatusCode.FailedPrecondition, () => calls.Remove(new() { Key = "base" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Remove(new() { Key = "missing" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Usage(new() { Key = "missing" }));
            Rpc.Fails(StatusCode.NotFound, () => calls.Update(new() { Info = new() { Name = "missing" } }));
            Rpc.Fails(StatusCode.InvalidArgument, () => calls.Update(new() { Info = new() { Name = "base" }, UpdateMask = new() { Paths = { "parent" } } }));
        });
    }

    [Test]
    public async Task A_call_that_fails_leaves_no_directory()
    {
        await using var process = await StartAsync();
        process.Calls.Prepare(new() { Key = "k" });

        Rpc.Fails(StatusCode.AlreadyExists, () => process.Calls.Prepare(new() { Key = "k" }));

        Assert.That(Directory.GetDirectories(Path.Combine(_folder.FullName, "root", "hello-snapshots")), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Usage_does_not_follow_links()
    {
        await using var process = await StartAsync();
        var directory = process.Calls.Prepare(new() { Key = "k" }).Mounts.Single().Source;
        File.CreateSymbolicLink(Path.Combine(directory, "a"), "/usr");
        File.CreateSymbolicLink(Path.Combine(directory, "b"), ".");
        File.CreateSymbolicLink(Path.Combine(directory, "c"), "missing");

        var usage = process.Calls.Usage(new() { Key = "k" });

        Assert.That(usage, Is.EqualTo(new UsageResponse { Size = 0, Inodes = 4 }));
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task A_signal_stops_it_cleanly(string signal)
    {
        await using var process = await StartAsync();

        var (exitCode, log) = await process.StopAsync(signal);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero, log);
            Assert.That(File.Exists(process.SocketPath), Is.False);
        });
    }

    [Test]
    public async Task A_new_process_takes_over_from_one_that_was_killed()
    {
        await using (var killed = await StartAsync())
        {
            await killed.StopAsync("KILL");
            Assert.That(File.Exists(killed.SocketPath), Is.True);
        }

        await using var process = await StartAsync();

        Assert.That(() => process.Calls.Prepare(new() { Key = "k" }), Throws.Nothing);
    }

    [Test]
    public async Task The_log_has_a_line_for_each_call()
    {
        await using var process = await StartAsync();
        process.Calls.Prepare(new() { Key = "my key" });
        Rpc.Fails(StatusCode.AlreadyExists, () => process.Calls.Prepare(new() { Key = "my key" }));

        var (_, log) = await process.StopAsync("TERM");

        Assert.Multiple(() =>
        {
            Assert.That(log, Does.Match("""Prepare "my key" -> OK \([0-9.]+ ms\)"""));
            Assert.That(log, Does.Match("""Prepare "my key" -> AlreadyExists: snapshot "my key" \([0-9.]+ ms\)"""));
            Assert.That(log, Does.Contain("HelloSnapshotter answers Stat, Update, Usage, Mounts, Prepare, View, Commit, Remove, Walk, Cleanup"));
        });
    }

    [TestCase("--help", "hello-snapshotter [<socket>] [command] [options]")]
    [TestCase("--version", "0.1.0")]
    public async Task Help_and_version_are_printed_without_making_a_snapshotter(string option, string text)
    {
        var root = Path.Combine(_folder.FullName, "root");
        var result = (await Command.RunAsync([_hello, Path.Combine(_folder.FullName, "test.sock"), "--root", root, option])).AssertSucceeded();

        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Does.Contain(text));
            Assert.That(Directory.Exists(root), Is.False);
        });
    }

    [Test]
    public async Task A_bad_set_up_ends_in_one_sentence_and_exit_code_1()
    {
        var result = await Command.RunAsync([_hello, Path.Combine(_folder.FullName, "missing", "test.sock"), "--root", _folder.FullName]);

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Error.TrimEnd(), Does.Match("^hello-snapshotter: the socket's directory \".*/missing\" does not exist: .*$").And.Not.Contain('\n'));
        });
    }

    private Task<NativeProcess> StartAsync() => NativeProcess.StartAsync(_hello, _folder);

    private static async Task<List<string>> ListAsync(Wire.Snapshots.SnapshotsClient calls)
    {
        using var list = calls.List(new());
        return await list.ResponseStream.ReadAllAsync().SelectMany(message => message.Info).Select(info => info.Name).ToListAsync();
    }
}
