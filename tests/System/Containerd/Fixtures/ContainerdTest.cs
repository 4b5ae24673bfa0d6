using NUnit.Framework.Interfaces;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Gives each test its own node, and prints the logs of a failed test.</summary>
[Category("Containerd")]
[NonParallelizable]
internal abstract class ContainerdTest
{
    private Node? _node;

    /// <summary>The snapshotter under test.</summary>
    protected virtual PublishedSample Sample => PublishedSample.Hello;

    protected Node Node => _node!;

    [SetUp]
    public async Task StartNode()
    {
        Tools.Require("containerd", "ctr", "runc", "busybox", "unshare", "nsenter");
        _node = await Node.StartAsync(Sample);
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

    /// <summary>Runs ctr and asserts that it succeeds.</summary>
    protected async Task<CommandResult> Ctr(params IReadOnlyList<string> arguments) =>
        (await Node.Containerd.CtrAsync(arguments)).AssertSucceeded();

    /// <summary>Asserts that ctr fails, and returns its error.</summary>
    protected async Task<string> AssertCtrFails(params IReadOnlyList<string> arguments)
    {
        var result = await Node.Containerd.CtrAsync(arguments);
        Assert.That(result.ExitCode, Is.Not.Zero, result.ToString());
        return result.Error.Trim();
    }

    protected async Task ImportImage() =>
        await Ctr("images", "import", await TestImage.WriteAsync(Node.Box.Folder));

    /// <summary>Runs a script in a running container.</summary>
    protected Task<CommandResult> Exec(string container, string script) =>
        Ctr("tasks", "exec", "--exec-id", "script", container, "sh", "-e", "-c", script);

    /// <summary>Waits until containerd reaches the snapshotter again, after a restart.</summary>
    protected Task ReachSnapshotter() => Eventually.TrueAsync(
        async () => (await Node.Containerd.CtrAsync("snapshots", "ls")).ExitCode == 0, "containerd reaches the snapshotter again");

    /// <summary>Mounts a snapshot in the box, with the commands that ctr prints, and returns the path.</summary>
    protected async Task<string> MountSnapshot(string key)
    {
        var target = Directory.CreateDirectory(Path.Combine(Node.Box.Folder, "mounted")).FullName;
        var mounts = await Ctr("snapshots", "mounts", target, key);
        (await Node.Box.RunAsync(["sh", "-e", "-c", mounts.Output])).AssertSucceeded();
        return target;
    }
}
