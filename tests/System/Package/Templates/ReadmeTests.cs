using Containerd.Snapshots.Tests.Containerd;

namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>Runs all commands of a created folder's README, exactly as written.</summary>
internal sealed class ReadmeTests
{
    private const string Name = "my-snapshotter";

    private string _folder = "";
    private Readme _readme = null!;
    private CommandResult _built = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        _folder = await Template.CreateAsync(Name);
        _readme = new Readme(_folder);
        _built = await Command.RunAsync(_readme.Script("Build"), Template.Environment, DotNet.Limit);
    }

    [Test]
    public void All_sections_with_commands_are_tested_here() =>
        Assert.That(_readme.Sections, Is.EqualTo(new[] { "Build", "Run" }));

    [Test]
    public void Tests_pass() => Assert.That(_built.Output, Does.Match("Passed! .* Passed: +8,"), _built.ToString());

    [Test]
    public void Build_gives_no_warning()
    {
        Assert.That(_built.Diagnostics(), Is.Empty, _built.ToString());
        _built.AssertSucceeded();
    }

    [Test]
    public async Task Build_gives_one_native_file()
    {
        var files = Directory.GetFileSystemEntries(Path.Combine(_folder, "out")).Select(Path.GetFileName);
        Assert.That(files, Is.EqualTo(new[] { Name }), _built.ToString());

        // A program that is not native would look for .NET and fail.
        var help = await Command.RunAsync(["env", "-i", Path.Combine(_folder, "out", Name), "--help"]);
        Assert.That(help.AssertSucceeded().Output, Does.Contain("--root"));
    }

    [Test]
    [Category("Containerd")]
    [NonParallelizable]
    public async Task Container_runs()
    {
        Tools.Require("containerd", "ctr", "runc", "busybox", "docker-registry", "unshare", "nsenter");
        await using var box = await Box.OpenAsync();
        await using var registry = await LoopbackRegistry.StartAsync(box);
        var environment = new Dictionary<string, string>
        {
            ["IMAGE"] = await PushImageAsync(box, registry),
            ["CONTAINERD_NAMESPACE"] = box.Name,
        };
        await KeepWritesInAsync(box);

        var run = await box.RunAsync(_readme.Script("Run"), environment);

        var log = await LogAsync($"{Name}.log");
        var all = $"{run}\n-- {Name}.log --\n{log}\n-- containerd.log --\n{await LogAsync("containerd.log")}";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, all);
            Assert.That(run.Lines, Does.Contain("Hello from a container."), all);
            Assert.That(log, Does.Match("Prepare \"[^\"]*/demo\" -> OK"), all);
        }
    }

    // Stands for "docker.io/library/busybox" of the README.
    private static async Task<string> PushImageAsync(Box box, LoopbackRegistry registry)
    {
        var name = $"{registry.Address}/busybox:latest";
        await using var containerd = await PrivateContainerd.StartAsync(box, Path.Combine(box.Folder, "nobody.sock"));
        (await containerd.CtrAsync("images", "import", "--no-unpack", await TestImage.WriteAsync(box.Folder))).AssertSucceeded();
        (await containerd.CtrAsync("images", "push", "--plain-http", name, TestImage.Name)).AssertSucceeded();
        return name;
    }

    // The README's commands, and containerd, write to folders of the machine. In the box, only the box sees these writes.
    private static async Task KeepWritesInAsync(Box box) => (await box.RunAsync(
        [
            "bash", "-e", "-c",
            """
            mount --no-mtab --mkdir -t tmpfs tmpfs "$0/written"
            for folder in etc opt var/lib; do
              mkdir -p "$0/written/$folder/upper" "$0/written/$folder/work"
              mount --no-mtab -t overlay -o "lowerdir=/$folder,upperdir=$0/written/$folder/upper,workdir=$0/written/$folder/work" overlay "/$folder"
            done
            """,
            box.Folder,
        ])).AssertSucceeded();

    private async Task<string> LogAsync(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
    }
}
