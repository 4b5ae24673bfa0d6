using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Storage.Writing;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Concurrent changes share a transaction, and do not affect each other.</summary>
internal sealed class GroupCommitTests
{
    private readonly ManualResetEventSlim _mayEnd = new();
    private StoreFolder _folder = null!;
    private GroupCommit _writes = null!;
    private StoreWriter _writer = null!;

    [SetUp]
    public void Open()
    {
        _mayEnd.Reset();
        _folder = new();
        _folder.Open().Dispose();
        var file = new StoreFile(_folder.File, Schema.Current);
        _writer = new StoreWriter(file.Connect(), TimeProvider.System, new(), new());
        _writes = new(file, _writer, TimeProvider.System, this);
    }

    [TearDown]
    public void Close()
    {
        _mayEnd.Set();
        _writes.Dispose();
        _writer.Dispose();
        _folder.Dispose();
    }

    [OneTimeTearDown]
    public void DisposeEvent() => _mayEnd.Dispose();

    [Test]
    public async Task Waiting_changes_share_one_transaction()
    {
        var first = await HoldAsync();
        using var reader = new StoreReader(new StoreFile(_folder.File, Schema.Current).ConnectToRead());
        var others = Enumerable.Range(1, 20).Select(number => _writes.RunAsync(
            writer => (Mine: Create(writer, number), Committed: reader.Numbers().Count, Written: writer.Numbers().Count), default)).ToList();

        _mayEnd.Set();
        await first;
        var seen = await Task.WhenAll(others);

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 20).Select(number => (number, 0, number))));
    }

    [Test]
    public async Task A_refused_change_does_not_affect_the_others()
    {
        var first = await HoldAsync();
        var before = _writes.RunAsync(writer => Create(writer, 1), default);
        var refused = _writes.RunAsync<int>(_ => throw SnapshotterException.NotFound("key"), default);
        var after = _writes.RunAsync(writer => Create(writer, 2), default);
        _mayEnd.Set();
        await first;

        await Assert.MultipleAsync(async () =>
        {
            await Assert.ThatAsync(() => refused, Throws.TypeOf<SnapshotterException>());
            await Assert.ThatAsync(() => Task.WhenAll(before, after), Throws.Nothing);
            Assert.That(_writer.Numbers(), Is.EqualTo(new[] { 1, 2 }));
        });
    }

    [Test]
    public async Task A_change_that_throws_undoes_its_transaction()
    {
        var first = await HoldAsync();
        var before = _writes.RunAsync(writer => Create(writer, 1), default);
        var broken = _writes.RunAsync<int>(_ => throw new InvalidOperationException(), default);
        _mayEnd.Set();
        await first;

        await Assert.MultipleAsync(async () =>
        {
            await Assert.ThatAsync(() => broken, Throws.InvalidOperationException);
            await Assert.ThatAsync(() => before, Throws.InvalidOperationException);
            Assert.That(_writer.Numbers(), Is.Empty);
            await Assert.ThatAsync(() => _writes.RunAsync(writer => Create(writer, 2), default), Throws.Nothing);
        });
    }

    [Test]
    public async Task A_change_canceled_while_it_waits_never_happens()
    {
        using var source = new CancellationTokenSource();
        var first = await HoldAsync();
        var waiting = _writes.RunAsync(writer => Create(writer, 1), source.Token);

        await source.CancelAsync();
        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        _mayEnd.Set();
        await first;
        await _writes.RunAsync(writer => Create(writer, 2), default);

        Assert.That(_writer.Numbers(), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task A_change_canceled_after_its_begin_is_done()
    {
        using var source = new CancellationTokenSource();
        using var begun = new SemaphoreSlim(0);
        var running = Task.Run(() => _writes.RunAsync(writer => { begun.Release(); _mayEnd.Wait(); return Create(writer, 1); }, source.Token));
        await begun.WaitAsync();

        await source.CancelAsync();
        _mayEnd.Set();

        await Assert.MultipleAsync(async () =>
        {
            await Assert.ThatAsync(() => running, Throws.Nothing);
            Assert.That(_writer.Numbers(), Is.EqualTo(new[] { 1 }));
        });
    }

    [Test]
    public async Task A_change_canceled_before_its_call_never_happens()
    {
        await Assert.ThatAsync(() => _writes.RunAsync(writer => Create(writer, 1), new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_writer.Numbers(), Is.Empty);
    }

    [Test]
    public async Task Closing_waits_for_pending_changes()
    {
        var first = await HoldAsync();
        var waiting = _writes.RunAsync(writer => Create(writer, 1), default);

        var closing = Task.Run(_writes.Dispose);
        await Eventually.TrueAsync(IsClosed, "nothing more is accepted");
        _mayEnd.Set();
        await Task.WhenAll(first, waiting, closing);

        using var store = _folder.Open();
        Assert.That(store.NumbersInUse(), Is.EqualTo(new[] { 1 }));
    }

    // Holds the writer with a change, on its own thread, until the test lets it end.
    private async Task<Task> HoldAsync()
    {
        using var begun = new SemaphoreSlim(0);
        var running = Task.Run(() => _writes.RunAsync(_ => { begun.Release(); _mayEnd.Wait(); return 0; }, default));
        await begun.WaitAsync();
        return running;
    }

    private static int Create(StoreWriter writer, int number)
    {
        writer.Create(new() { Number = number, Info = new() { Name = $"key {number}", Kind = SnapshotKind.Active }, Parents = [] });
        return number;
    }

    private bool IsClosed()
    {
        try
        {
            return _writes.RunAsync(_ => 0, default).IsFaulted;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
