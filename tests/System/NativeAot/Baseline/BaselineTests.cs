using System.Globalization;
using Containerd.Snapshots.Tests.NativeAot.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.NativeAot.Baseline;

/// <summary>
/// The costs of a user's program, compared with <c>baseline.json</c>: more than 5 % above it fails. All figures are
/// counts, which hardly depend on the machine's load; benchmarks measure times.
/// </summary>
internal sealed class BaselineTests
{
    private const int WarmUps = 1000, Calls = 4000;

    private DirectoryInfo _folder = null!;
    private string _binary = null!;

    [SetUp]
    public async Task Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("baseline-");
        (_binary, _) = await PublishedApp.Value;
    }

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    public void A_program_is_no_larger() => Figures.AssertNotGrown("program, bytes", new FileInfo(_binary).Length);

    [Test]
    public async Task A_start_takes_no_more_instructions()
    {
        Tools.Require("valgrind");
        Figures.AssertNotGrown("start and stop, instructions", await Instructions.OfStartAsync(_binary, _folder));
    }

    [Test]
    public async Task A_call_allocates_no_more()
    {
        await using var process = await NativeProcess.StartAsync(_binary, _folder);
        await StatAsync(process, WarmUps);

        var before = Allocated(process);
        await StatAsync(process, Calls);

        Figures.AssertNotGrown("Stat, bytes allocated", (Allocated(process) - before) / Calls);
    }

    private static async Task StatAsync(NativeProcess process, int calls)
    {
        for (var i = 0; i < calls; i++)
            await process.Calls.StatAsync(new() { Key = "allocated" });
    }

    // The program returns it as a parent's name.
    private static long Allocated(NativeProcess process) =>
        long.Parse(process.Calls.Stat(new() { Key = "allocated" }).Info.Parent, CultureInfo.InvariantCulture);
}
