using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Fixtures;

/// <summary>The visible state of a snapshotter: its list, its directories and its database.</summary>
internal sealed class StateBefore
{
    private readonly NativeProcess _process;
    private readonly RootDirectory _root;
    private readonly IReadOnlyList<Info> _infos;
    private readonly IReadOnlyList<StoredRow> _rows;

    private readonly string? _lost;

    private StateBefore(NativeProcess process, RootDirectory root, IReadOnlyList<Info> infos, string? lost)
    {
        _process = process;
        _root = root;
        _infos = infos;
        _rows = root.Rows();
        _lost = lost;
    }

    /// <param name="without">A snapshot whose directory is gone already.</param>
    public static async Task<StateBefore> OfAsync(NativeProcess process, RootDirectory root, string? without = null) =>
        new(process, root, await process.Calls.ListAsync(), without);

    /// <summary>Asserts that nothing has changed, and that after a cleanup the disk has nothing new.</summary>
    public async Task AssertUnchangedAsync()
    {
        _process.Calls.Cleanup();
        var infos = await _process.Calls.ListAsync();

        Assert.Multiple(() =>
        {
            Assert.That(infos, Is.EqualTo(_infos));
            Assert.That(_root.Rows(), Is.EqualTo(_rows));
            Assert.That(_root.Numbers(), Is.EqualTo(_rows.Where(row => row.Name != _lost).Select(row => row.Number)));
        });
    }
}
