using Containerd.Snapshots.Tests.Containerd;

namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>
/// Runs all commands of a created folder's README, exactly as written. Only the default is published natively; the others run as
/// they were built.
/// </summary>
internal sealed class ReadmeTests
{
    private static readonly CreatedProject Native = CreatedProject.Default;

    private CommandResult _published = null!;

    [OneTimeSetUp]
    public async Task Publish()
    {
        Tools.RequireStaticSqlite();
        await Template.TestAsync(); // The same folders are built.
        _published = await Command.RunAsync(new Readme(Native.Folder).Script("Build"), Template.Environment, DotNet.Limit);
        foreach (var other in CreatedProject.All.Except([Native]))
        {
            Directory.CreateDirectory(other.PathOf("out"));
            File.CreateSymbolicLink(other.Published, other.Built);
        }
    }

    [Test]
    public void All_sections_with_commands_are_tested_here([ValueSource(typeof(CreatedProject), nameof(CreatedProject.All))] CreatedProject created) =>
        Assert.That(new Readme(created.Folder).Sections, Is.EqualTo(new[] { "Build", "An image", "Run" }));

    [Test]
    public void Build_gives_no_warning()
    {
        Assert.That(_published.Diagnostics(), Is.Empty, _published.ToString());
        _published.AssertSucceeded();
    }

    [Test]
    public async Task Build_gives_one_native_file()
    {
        var files = Directory.GetFileSystemEntries(Native.PathOf("out")).Select(Path.GetFileName);
        Assert.That(files, Is.EqualTo(new[] { Native.Plugin }), _published.ToString());

        // A program that is not native would look for .NET and fail.
        var help = await Command.RunAsync(["env", "-i", Native.Published, "--help"]);
        Assert.That(help.AssertSucceeded().Output, Does.Contain("--root"));
    }

    [Test]
    public async Task Published_program_keeps_what_it_stores()
    {
        Tools.Require();
        await KilledProgram.AssertKeepsWhatItStoresAsync(Native.Published);
    }

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    [Category("Containerd")]
    [NonParallelizable]
    public async Task Container_runs(CreatedProject created)
    {
        Tools.Require("containerd", "ctr", "runc", "busybox", "dpkg", "mkfs.ext4", "unshare", "nsenter");
        var readme = new Readme(created.Folder);
        (await Command.RunAsync(readme.Script("An image"))).AssertSucceeded();
        await using var box = await Box.OpenAsync();
        await KeepWritesInAsync(box, created.Plugin);

        var run = await box.RunAsync(readme.Script("Run"), new Dictionary<string, string> { ["CONTAINERD_NAMESPACE"] = box.Name });

        var log = await LogAsync(created, $"{created.Plugin}.log");
        var all = $"{run}\n-- {created.Plugin}.log --\n{log}\n-- containerd.log --\n{await LogAsync(created, "containerd.log")}";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, all);
            Assert.That(run.Lines, Does.Contain("Hello from a container."), all);
            Assert.That(run.Lines, Has.None.StartsWith("wrong"), all);
            Assert.That(log, Does.Match("Prepare \"[^\"]*/demo\" on \"[^\"]*/sha256:[0-9a-f]*\" -> OK"), all);
        }
    }

    // The README's commands, and containerd, write to folders of the machine. In the box, only the box sees these writes. The
    // snapshotter's own folder is a plain one: overlays on overlays are refused.
    private static async Task KeepWritesInAsync(Box box, string plugin) => (await box.RunAsync(
        [
            "bash", "-e", "-c",
            """
            mount --no-mtab --mkdir -t tmpfs tmpfs "$0/written"
            for folder in etc opt var/lib; do
              mkdir -p "$0/written/$folder/upper" "$0/written/$folder/work"
              mount --no-mtab -t overlay -o "lowerdir=/$folder,upperdir=$0/written/$folder/upper,workdir=$0/written/$folder/work" overlay "/$folder"
            done
            mkdir "$0/state" "/var/lib/$1"
            mount --no-mtab --bind "$0/state" "/var/lib/$1"
            """,
            box.Folder,
            plugin,
        ])).AssertSucceeded();

    private static async Task<string> LogAsync(CreatedProject created, string name)
    {
        var path = created.PathOf(name);
        return File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
    }
}
