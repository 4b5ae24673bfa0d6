using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>The sample that is published with SQLite in the binary.</summary>
internal sealed class OneFileTests() : OverlayTest(SqliteIn.Binary)
{
    [Test]
    public void It_is_one_file() =>
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(Binary)!), Is.EqualTo(new[] { Binary }));

    [Test]
    public async Task It_loads_no_library_of_SQLite_while_it_stores_snapshots()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");

        var maps = await File.ReadAllLinesAsync($"/proc/{process.Id}/maps");
        var files = maps.Where(line => line.Contains('/', StringComparison.Ordinal)).Select(Path.GetFileName).Distinct();

        Assert.That(files, Has.Member(Path.GetFileName(Binary)).And.None.Contains("sqlite").IgnoreCase);
    }
}
