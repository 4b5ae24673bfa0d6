using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>
/// Clients work at full speed while the snapshotter crashes again and again. SNAPSHOTS_CRASHES sets the number of
/// crashes.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class CrashTest(PublishedSample sample) : OverlayTest(sample)
{
    private const int Workers = 4, FewestCalls = 20, MostCalls = 400;

    private static readonly int Crashes = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_CRASHES"), out var number) ? number : 5;

    private readonly UsedNumbers _numbers = new();
    private readonly SnapshotFiles _files = SnapshotFiles.Of(sample);
    private readonly DurableFiles _durable = new();
    private readonly LastSync _sync = new();
    private int _answered, _done, _absent, _returned;

    /// <summary>Whether a crash can lose files that a client wrote and did not sync, even those of layers.</summary>
    protected bool LosesFiles { get; set; }

    /// <summary>Whether a crash can bring back snapshots that were removed after the last change of another kind.</summary>
    protected virtual bool RemovalsMayReturn => false;

    /// <summary>Whether a crash loses no file at all that a client wrote.</summary>
    protected abstract bool KeepsFiles { get; }

    /// <summary>Crashes the snapshotter again and again, and asserts each time that the next one has lost nothing.</summary>
    protected async Task CrashAgainAndAgainAsync(RootDirectory root, params IReadOnlyList<string> options)
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var random = new Random(seed);
        var share = Sample == PublishedSample.SharedLayers ? SharedLayer.Make(PublishedSample.ShareOf(root.Path)) : null;
        var workers = Enumerable.Range(0, Workers).Select(id => new Worker(id, new Random(random.Next()), _numbers, _files, KeepsFiles ? null : _durable, _sync, share)).ToList();

        IReadOnlyList<long> onDisk = [];
        for (var crash = 0; crash <= Crashes; crash++)
        {
            await using var process = await StartOnAsync(root, options);
            await AssertNothingLostAsync(root, process, workers);
            _numbers.Seen(onDisk);

            if (crash < Crashes)
                await WorkAndCrashAsync(process, workers, calls: random.Next(FewestCalls, MostCalls));
            onDisk = root.Numbers();
        }

        share?.AssertUntouched();
        await TestContext.Out.WriteLineAsync(
            $"{_answered} calls were answered; of {_done + _absent} without an answer at {Crashes} crashes of {Sample}, {_done} were done and {_absent} were not. {_returned} removed snapshots came back. Seed {seed}.");
    }

    /// <summary>Ends the process during its calls.</summary>
    protected abstract Task CrashAsync(NativeProcess process);

    /// <summary>Prepares the next start. The clients have noticed the crash: none of them writes files any more.</summary>
    protected virtual Task RecoverAsync() => Task.CompletedTask;

    /// <summary>Whether a call that fails like this during a crash may have been done or not.</summary>
    protected abstract bool IsNoAnswer(Exception exception);

    private async Task WorkAndCrashAsync(NativeProcess process, IReadOnlyList<Worker> workers, int calls)
    {
        var (left, enough, isCrashing) = (calls, new TaskCompletionSource(), false);

        var work = Task.WhenAll(workers.Select(WorkAsync));
        await Eventually.Within(Task.WhenAny(enough.Task, work));
        Volatile.Write(ref isCrashing, true);
        await CrashAsync(process);
        await Eventually.Within(work);
        await RecoverAsync();

        async Task WorkAsync(Worker worker)
        {
            using var client = new SnapshotsClient(process.SocketPath);
            try
            {
                await worker.WorkAsync(client.Calls, Answered);
            }
            catch (Exception exception) when (Volatile.Read(ref isCrashing) && IsNoAnswer(exception))
            {
            }
        }

        void Answered()
        {
            Interlocked.Increment(ref _answered);
            if (Interlocked.Decrement(ref left) == 0)
                enough.SetResult();
        }
    }

    private async Task AssertNothingLostAsync(RootDirectory root, NativeProcess process, IReadOnlyList<Worker> workers)
    {
        var infos = await process.Calls.ListAsync();
        var rows = root.Rows().ToDictionary(row => row.Name, row => row.Number);
        var found = infos.ToDictionary(info => info.Name, info => new Known(info.Kind, info.Parent, info.Labels[Known.LabelName], rows[info.Name]));
        var unanswered = workers.Select(worker => worker.AssertKept(found, RemovalsMayReturn)).OfType<bool>().ToList();
        _returned += workers.Sum(worker => worker.Returned);
        _done += unanswered.Count(isDone => isDone);
        _absent += unanswered.Count(isDone => !isDone);
        Assert.That(found, Has.Count.EqualTo(workers.Sum(worker => worker.Count)), "There are no other snapshots.");

        await AssertNothingElseOnDiskAsync(root, process, [.. rows.Values.Order()]);

        if (KeepsFiles)
            await _files.AssertMarksAsync(root, infos, rows, _numbers.Marked);

        var usage = await root.UsageAsync();
        Assert.Multiple(() =>
        {
            foreach (var info in infos)
            {
                if (info.Kind != Kind.Committed || !LosesFiles)
                    Assert.That(process.Calls.Usage(info.Name), Is.EqualTo(info.Kind == Kind.View ? new() : usage[rows[info.Name]]), info.Name);
                if (info.Kind != Kind.View)
                    _durable.AssertKept(rows[info.Name], root.Content(rows[info.Name]));
                if (info.Kind != Kind.Committed)
                    Assert.That(process.Calls.Mounts(new() { Key = info.Name }).Mounts.Single().Content(), Is.Not.Empty.And.All.Exist, info.Name);
            }
        });
    }

    private async Task AssertNothingElseOnDiskAsync(RootDirectory root, NativeProcess process, IReadOnlyList<long> stored)
    {
        process.Calls.Cleanup();

        // A program that copies for the killed snapshotter goes on. A later cleanup removes its copy.
        if (_files.AreCopied)
            await Eventually.TrueAsync(IsOnlyStoredThere, "the copies without a snapshot are removed");

        Assert.That(root.Numbers(), Is.EqualTo(stored), "What is on the disk is what is stored.");

        bool IsOnlyStoredThere()
        {
            process.Calls.Cleanup();
            return root.Numbers().SequenceEqual(stored);
        }
    }
}
