using System.Diagnostics;
using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Systemd;

/// <summary>
/// A real systemd that runs one of the project's units, in its own namespaces and cgroup; /root and /etc/containerd are empty in
/// it. When the box is disposed, or the test host dies, the kernel ends every process in it and drops every mount.
/// </summary>
public sealed class SystemdBox : IAsyncDisposable
{
    private const string SystemUnits = "/lib/systemd/system";

    // systemd waits for the first ones, and adds the others by itself.
    private static readonly string[] Targets = ["basic", "sysinit", "sockets", "paths", "timers", "slices", "shutdown", "umount"];

    private readonly Process _script;
    private readonly DeployedUnit _unit;
    private readonly int _init;

    private SystemdBox(DeployedUnit unit, string folder, Process script, int init)
    {
        _unit = unit;
        _script = script;
        _init = init;
        Folder = folder;
        SocketPath = Path.Combine(folder, $"run/{unit.Name}.sock");
        Client = new(SocketPath);
    }

    /// <summary>A folder that has the same path in the box and outside.</summary>
    public string Folder { get; }

    /// <summary>The socket's path outside the box.</summary>
    public string SocketPath { get; }

    public SnapshotsClient Client { get; }

    /// <summary>The snapshotter's log.</summary>
    public string Log => File.ReadAllText(Path.Combine(Folder, "log"));

    /// <summary>Starts systemd, and with it the socket; the service starts with the first call.</summary>
    /// <param name="unit">The service and its socket.</param>
    /// <param name="dropIns">Further settings of the service.</param>
    public static async Task<SystemdBox> BootAsync(DeployedUnit unit, params IReadOnlyList<string> dropIns)
    {
        Tools.Require("systemctl", "unshare", "nsenter");
        var binaries = Path.GetDirectoryName(await unit.Sample.PathAsync())!;
        var folder = (await Command.RunAsync(["mktemp", "-d", "/tmp/unit.XXXXXX"])).AssertSucceeded().Output.Trim();
        WriteUnits(unit, folder, dropIns);

        var script = Command.Start(["unshare", "--mount", "bash", Repository.PathOf("tests/Snapshots.Testing/Systemd/box.sh"), folder, unit.Name, binaries]);
        if (await script.StandardOutput.ReadLineAsync() is not { } init)
            throw new AssertionException($"systemd did not start: {await script.StandardError.ReadToEndAsync()}");

        var box = new SystemdBox(unit, folder, script, int.Parse(init, CultureInfo.InvariantCulture));
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
    public Task<CommandResult> RunAsync(params IReadOnlyList<string> command) => Command.RunAsync([.. Entrance, .. command]);

    /// <summary>Starts a command in the box, in the background.</summary>
    public Task<Daemon> StartAsync(string name, params IReadOnlyList<string> command) => Daemon.StartAsync(name, Entrance, command);

    /// <summary>A property of the service, as <c>systemctl show</c> prints it.</summary>
    public async Task<string> PropertyAsync(string name) =>
        (await RunAsync("systemctl", "show", "--property", name, "--value", _unit.Service)).AssertSucceeded().Output.Trim();

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
        (await Command.RunAsync(["rm", "-rf", Folder])).AssertSucceeded();
    }

    private IReadOnlyList<string> Entrance =>
        ["nsenter", "--target", $"{_init}", "--mount", "--pid", "--cgroup", "--net", "--uts", "--ipc", "--root", "--wd", "--"];

    private static void WriteUnits(DeployedUnit unit, string folder, IReadOnlyList<string> dropIns)
    {
        foreach (var mounted in (IEnumerable<string>)["lib", "run"])
            Directory.CreateDirectory(Path.Combine(folder, mounted));

        var units = Directory.CreateDirectory(Path.Combine(folder, "units")).FullName;
        unit.CopyTo(units);
        foreach (var target in Targets)
            File.Copy(Path.Combine(SystemUnits, $"{target}.target"), Path.Combine(units, $"{target}.target"));

        // As after "systemctl enable" of the socket's unit.
        Link(Path.Combine(units, "sockets.target.wants"), Path.Combine(units, unit.Socket));

        var log = Path.Combine(folder, "log");
        File.WriteAllText(log, "");
        var settings = Directory.CreateDirectory(Path.Combine(units, unit.DropIns)).FullName;
        foreach (var (number, text) in dropIns.Prepend($"[Service]\nStandardOutput=append:{log}\nStandardError=append:{log}\nLimitCORE=0\n").Index())
            File.WriteAllText(Path.Combine(settings, $"{number}.conf"), text);
    }

    private static void Link(string folder, string unit) =>
        File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetFileName(unit)), unit);

    private async Task<bool> HasSocketAsync() => (await RunAsync("systemctl", "is-active", _unit.Socket)).ExitCode == 0;
}
