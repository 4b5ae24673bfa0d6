using System.Diagnostics;
using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>
/// A real systemd that runs the project's units, in its own namespaces and cgroup. When the box is disposed, or the
/// test host dies, the kernel ends every process in it and drops every mount.
/// </summary>
internal sealed class SystemdBox : IAsyncDisposable
{
    private const string SystemUnits = "/lib/systemd/system";

    // systemd waits for the first ones, and adds the others by itself.
    private static readonly string[] Targets = ["basic", "sysinit", "sockets", "paths", "timers", "slices", "shutdown", "umount"];

    private readonly Process _script;
    private readonly int _init;
    private readonly string _folder;

    private SystemdBox(string folder, Process script, int init)
    {
        _script = script;
        _init = init;
        _folder = folder;
        SocketPath = Path.Combine(folder, "run/overlay-snapshotter.sock");
        Client = new(SocketPath);
    }

    /// <summary>The socket's path outside the box.</summary>
    public string SocketPath { get; }

    public SnapshotsClient Client { get; }

    /// <summary>The snapshotter's log.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "log"));

    /// <summary>Starts systemd, and with it the socket; the service starts with the first call.</summary>
    /// <param name="dropIns">Further settings of the service.</param>
    public static async Task<SystemdBox> BootAsync(params IReadOnlyList<string> dropIns)
    {
        Tools.Require("systemctl", "unshare", "nsenter");
        var binaries = Path.GetDirectoryName(await PublishedSample.Overlay.PathAsync())!;
        var folder = (await Command.RunAsync(["mktemp", "-d", "/tmp/unit.XXXXXX"])).AssertSucceeded().Output.Trim();
        WriteUnits(folder, dropIns);

        var script = Command.Start(["unshare", "--mount", "bash", Repository.PathOf("tests/System/Host/Systemd/box.sh"), folder, binaries]);
        if (await script.StandardOutput.ReadLineAsync() is not { } init)
            throw new AssertionException($"systemd did not start: {await script.StandardError.ReadToEndAsync()}");

        var box = new SystemdBox(folder, script, int.Parse(init, CultureInfo.InvariantCulture));
        try
        {
            await Eventually.TrueAsync(box.HasSocketAsync, "systemd listens");
            return box;
        }
        catch
        {
            await box.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path outside the box of a path in it.</summary>
    public string PathOf(string path) => $"/proc/{_init}/root{path}";

    /// <summary>Runs a command in the box and waits for its end.</summary>
    public Task<CommandResult> RunAsync(params IReadOnlyList<string> command) => Command.RunAsync(
        ["nsenter", "--target", $"{_init}", "--mount", "--pid", "--cgroup", "--net", "--uts", "--ipc", "--root", "--wd", "--", .. command]);

    /// <summary>A property of the service, as <c>systemctl show</c> prints it.</summary>
    public async Task<string> PropertyAsync(string name) =>
        (await RunAsync("systemctl", "show", "--property", name, "--value", Units.Service)).AssertSucceeded().Output.Trim();

    /// <summary>The id of the service's process, in the box.</summary>
    public async Task<int> MainProcessAsync() => int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <summary>The mount namespace of a process.</summary>
    public async Task<string> MountNamespaceAsync(int process) =>
        (await RunAsync("readlink", $"/proc/{process}/ns/mnt")).AssertSucceeded().Output.Trim();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _script.StandardInput.Close();
        await Eventually.Within(_script.WaitForExitAsync());
        Assert.That(_script.ExitCode, Is.Zero, "the box closes");
        _script.Dispose();
        (await Command.RunAsync(["rm", "-rf", _folder])).AssertSucceeded();
    }

    private static void WriteUnits(string folder, IReadOnlyList<string> dropIns)
    {
        foreach (var mounted in (IEnumerable<string>)["lib", "run"])
            Directory.CreateDirectory(Path.Combine(folder, mounted));

        var units = Directory.CreateDirectory(Path.Combine(folder, "units")).FullName;
        Units.CopyTo(units);
        foreach (var target in Targets)
            File.Copy(Path.Combine(SystemUnits, $"{target}.target"), Path.Combine(units, $"{target}.target"));

        // As after "systemctl enable" of the socket's unit.
        Link(Path.Combine(units, "sockets.target.wants"), Path.Combine(units, Units.Socket));

        var log = Path.Combine(folder, "log");
        File.WriteAllText(log, "");
        var settings = Directory.CreateDirectory(Path.Combine(units, Units.DropIns)).FullName;
        foreach (var (number, text) in dropIns.Prepend($"[Service]\nStandardOutput=append:{log}\nStandardError=append:{log}\nLimitCORE=0\n").Index())
            File.WriteAllText(Path.Combine(settings, $"{number}.conf"), text);
    }

    private static void Link(string folder, string unit) =>
        File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetFileName(unit)), unit);

    private async Task<bool> HasSocketAsync() => (await RunAsync("systemctl", "is-active", Units.Socket)).ExitCode == 0;
}
