using System.Globalization;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Systemd;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>systemd's findings about the units, and settings that they must not have.</summary>
internal sealed partial class UnitTests
{
    // As documented in docs/production.md.
    private const double MaxExposure = 3.5, MaxExposureOfWhatMountsNothing = 1.3;

    private const int SecondsToDispose = 15;

    private const string Namespace = "a mount namespace, in which containerd does not see what the snapshotter mounts";

    /// <summary>Settings that imply a mount namespace in systemd 252, or in a newer one; see exec_needs_mount_namespace there.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["PrivateMounts"] = Namespace,
        ["MountFlags"] = Namespace + ": 'shared' does not help, for it is cut off from the machine's first",
        ["RootDirectory"] = "other files than containerd has",
        ["RootImage"] = "other files than containerd has",
        ["MountImages"] = "mounts of its own in " + Namespace,
        ["ExtensionImages"] = "mounts of its own in " + Namespace,
        ["ExtensionDirectories"] = "mounts of its own in " + Namespace,
        ["BindPaths"] = "mounts of its own in " + Namespace,
        ["BindReadOnlyPaths"] = "mounts of its own in " + Namespace,
        ["TemporaryFileSystem"] = "mounts of its own in " + Namespace,
        ["ReadWritePaths"] = "paths are mounted over in " + Namespace,
        ["ReadOnlyPaths"] = "paths are mounted over in " + Namespace,
        ["InaccessiblePaths"] = "paths are mounted over in " + Namespace,
        ["ExecPaths"] = "paths are mounted over in " + Namespace,
        ["NoExecPaths"] = "paths are mounted over in " + Namespace,
        ["ProtectSystem"] = "/usr and /etc are mounted over in " + Namespace,
        ["ProtectHome"] = "/home and /root are mounted over in " + Namespace,
        ["PrivateTmp"] = "/tmp is mounted over in " + Namespace,
        ["PrivateDevices"] = "/dev is mounted over in " + Namespace,
        ["PrivateIPC"] = "/dev/mqueue is mounted over in " + Namespace,
        ["IPCNamespacePath"] = "/dev/mqueue is mounted over in " + Namespace,
        ["ProtectKernelTunables"] = "/proc/sys and /sys are mounted over in " + Namespace,
        ["ProtectKernelModules"] = "/usr/lib/modules is mounted over in " + Namespace,
        ["ProtectKernelLogs"] = "/dev/kmsg is mounted over in " + Namespace,
        ["ProtectControlGroups"] = "/sys/fs/cgroup is mounted over in " + Namespace,
        ["ProtectProc"] = "/proc is mounted over in " + Namespace,
        ["ProcSubset"] = "/proc is mounted over in " + Namespace,
        ["PrivateNetwork"] = "newer ones mount a /sys for it, in " + Namespace,
        ["NetworkNamespacePath"] = "newer ones mount a /sys for it, in " + Namespace,
        ["DynamicUser"] = "its StateDirectory= is mounted in " + Namespace,
        ["LogNamespace"] = "its journal's sockets are mounted in " + Namespace,
        ["PrivateUsers"] = "a user namespace, in which root is not the machine's",
    };

    private DirectoryInfo _folder = null!;

    [SetUp]
    public void CopyUnits()
    {
        Tools.Require("systemd-analyze", "unshare");
        _folder = Directory.CreateTempSubdirectory("units-");
        foreach (var unit in DeployedUnit.All)
            unit.CopyTo(_folder.FullName);
    }

    [TearDown]
    public void DeleteUnits() => _folder?.Delete(recursive: true);

    [Test]
    public async Task Systemd_finds_nothing_wrong([ValueSource(typeof(DeployedUnit), nameof(DeployedUnit.All))] DeployedUnit unit, [Values] bool mountsNothing)
    {
        if (mountsNothing)
            AddDropIn();

        // A missing program would be a finding.
        const string Script = """
            mount --no-mtab -t tmpfs lib /usr/local/lib
            install -D /bin/true /usr/local/lib/$0/$0
            exec systemd-analyze verify --man=no "$@"
            """;
        var result = await Command.RunAsync(["unshare", "--mount", "bash", "-ec", Script, unit.Name, .. unit.Services.Select(PathOf), PathOf(unit.Socket)]);

        Assert.That(result.AssertSucceeded().Output + result.Error, Is.Empty);
    }

    [Test]
    public async Task The_service_is_exposed_no_more_than_the_documentation_says() =>
        Assert.That(await ExposureAsync(), Is.LessThanOrEqualTo(MaxExposure));

    [Test]
    public async Task A_service_that_mounts_nothing_is_exposed_less()
    {
        AddDropIn();

        Assert.That(await ExposureAsync(), Is.LessThanOrEqualTo(MaxExposureOfWhatMountsNothing));
    }

    [TestCaseSource(typeof(DeployedUnit), nameof(DeployedUnit.All))]
    public void No_setting_implies_a_mount_namespace(DeployedUnit unit) => Assert.Multiple(() =>
    {
        foreach (var (name, _) in unit.Services.SelectMany(DeployedUnit.Read))
            Assert.That(Reasons.GetValueOrDefault(name), Is.Null, name);
    });

    [TestCaseSource(typeof(DeployedUnit), nameof(DeployedUnit.All))]
    public async Task The_time_to_stop_is_longer_than_that_for_calls_in_flight(DeployedUnit unit)
    {
        var help = (await Command.RunAsync([await unit.Sample.PathAsync(), "--help"])).AssertSucceeded().Output;
        var drain = int.Parse(DrainTime().Match(help).Groups[1].Value, CultureInfo.InvariantCulture);

        var stop = unit.ReadService().Single(static setting => setting.Name == "TimeoutStopSec").Value;

        Assert.That(int.Parse(stop, CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(drain + SecondsToDispose));
    }

    private void AddDropIn() =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(DeployedUnit.Overlay.DropIns).FullName, Units.MountsNothing), Units.ReadMountsNothing());

    private async Task<double> ExposureAsync()
    {
        var result = await Command.RunAsync(["systemd-analyze", "security", "--offline=true", "--no-pager", PathOf(DeployedUnit.Overlay.Service)]);
        await TestContext.Out.WriteLineAsync(result.Lines[^1]);
        return double.Parse(Exposure().Match(result.AssertSucceeded().Output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private string PathOf(string unit) => Path.Combine(_folder.FullName, unit);

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Exposure();

    [GeneratedRegex(@"--drain-time.*?Default:\s+(\d+)s", RegexOptions.Singleline)]
    private static partial Regex DrainTime();
}
