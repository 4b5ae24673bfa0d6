using System.Diagnostics;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>
/// A process namespace, a mount namespace and a temporary folder. When the box is disposed, or the test host dies, the
/// kernel ends every process in it and drops every mount.
/// </summary>
public sealed class Box : IAsyncDisposable
{
    // containerd's shims and runc keep files in /run, whatever folders containerd is given. The first process lives
    // until its standard input ends; bash adopts the shims, which are orphans.
    private const string FirstProcess = "mount --no-mtab -t tmpfs -o mode=755 run /run && echo ready && cat >/dev/null";

    private readonly Process _unshare;
    private readonly int _init;

    private Box(string folder, Process unshare, int init)
    {
        Folder = folder;
        _unshare = unshare;
        _init = init;
    }

    /// <summary>
    /// The folder that everything in the box writes to. Its path is short: a Unix socket's path has at most 107 bytes.
    /// </summary>
    public string Folder { get; }

    /// <summary>A unique name.</summary>
    public string Name => Path.GetFileName(Folder);

    public static async Task<Box> OpenAsync()
    {
        var folder = (await Command.RunAsync(["mktemp", "-d", "/tmp/box.XXXXXX"])).AssertSucceeded().Output.Trim();
        var unshare = Command.Start(
            ["unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "bash", "-c", FirstProcess]);
        if (await unshare.StandardOutput.ReadLineAsync() == "ready")
            return new Box(folder, unshare, await ProcessTree.FirstChildAsync(unshare.Id));

        var error = await unshare.StandardError.ReadToEndAsync();
        unshare.Dispose();
        Directory.Delete(folder);
        throw new AssertionException($"Cannot create namespaces: {error}");
    }

    /// <summary>Runs a command in the box and waits for its end.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null) =>
        Command.RunAsync([.. Entrance, .. command], environment);

    /// <summary>Starts a command in the box, in the background.</summary>
    public Task<Daemon> StartAsync(string name, params IReadOnlyList<string> command) =>
        Daemon.StartAsync(name, Entrance, command);

    public async ValueTask DisposeAsync()
    {
        // unshare ends after the first process, which ends after all others in the box.
        _unshare.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _unshare.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _unshare.Kill();
            throw new AssertionException($"The box {Folder} did not close.");
        }
        finally
        {
            _unshare.Dispose();
        }

        await RemoveCgroupsAsync();
        (await Command.RunAsync(["rm", "-rf", Folder])).AssertSucceeded();
    }

    // --root: if the tests run in a chroot, entering the mount namespace alone would leave it.
    private IReadOnlyList<string> Entrance =>
        ["nsenter", "--target", $"{_init}", "--mount", "--pid", "--root", "--wd", "--"];

    // A killed container leaves its cgroups, one for each hierarchy. Their paths contain the name of containerd's namespace.
    private Task RemoveCgroupsAsync() => Eventually.TrueAsync(
        async () =>
        {
            await Command.RunAsync(["bash", "-c", $"find /sys/fs/cgroup -depth -type d -path '*/{Name}*' -exec rmdir {{}} + 2>/dev/null"]);
            return Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").All(parent => !Directory.Exists(Path.Combine(parent, Name)));
        },
        $"the cgroups of {Name} are gone");
}
