using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>
/// Clients work at full speed while the snapshotter is killed again and again. The variable SNAPSHOTS_KILLS says how often.
/// </summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class KillTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private const int Workers = 4, FewestCalls = 20, MostCalls = 400;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_KILLS"), out var number) ? number : 5;

    private readonly UsedNumbers _numbers = new();
    private int _answered, _done, _absent;

    [Test]
    public async Task A_kill_at_any_moment_loses_nothing_that_was_answered()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var random = new Random(seed);
        var workers = Enumerable.Range(0, Workers).Select(id => new Worker(id, new Random(random.Next()), _numbers)).ToList();

        IReadOnlyList<long> onDisk = [];
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var process = await StartAsync();
            await CheckAsync(process, workers);
            _numbers.Seen(onDisk);

            if (kill < Kills)
                await WorkAndKillAsync(process, workers, calls: random.Next(FewestCalls, MostCalls));
            onDisk = Root.Numbers();
        }

        await TestContext.Out.WriteLineAsync(
            $"{_answered} calls were answered; of {_done + _absent} without an answer at {Kills} kills, {_done} were done and {_absent} were not. Seed {seed}.");
    }

    private async Task WorkAndKillAsync(NativeProcess process, IReadOnlyList<Worker> workers, int calls)
    {
        var (left, enough, isKilled) = (calls, new TaskCompletionSource(), false);

        var work = Task.WhenAll(workers.Select(WorkAsync));
        await Eventually.Within(Task.WhenAny(enough.Task, work));
        Volatile.Write(ref isKilled, true);
        await process.StopAsync("KILL");
        await Eventually.Within(work);

        async Task WorkAsync(Worker worker)
        {
            using var client = new SnapshotsClient(process.SocketPath);
            try
            {
                await worker.WorkAsync(client.Calls, Answered);
            }
            catch (RpcException exception) when (Volatile.Read(ref isKilled) && exception.StatusCode == StatusCode.Unavailable)
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

    private async Task CheckAsync(NativeProcess process, IReadOnlyList<Worker> workers)
    {
        var infos = await process.Calls.ListAsync();
        var rows = Root.Rows().ToDictionary(row => row.Name, row => row.Number);
        var found = infos.ToDictionary(info => info.Name, info => new Known(info.Kind, info.Parent, info.Labels[Known.LabelName], rows[info.Name]));
        var unanswered = workers.Select(worker => worker.Settle(found)).OfType<bool>().ToList();
        _done += unanswered.Count(isDone => isDone);
        _absent += unanswered.Count(isDone => !isDone);
        Assert.That(found, Has.Count.EqualTo(workers.Sum(worker => worker.Count)), "There is nobody else's.");

        process.Calls.Cleanup();
        Assert.That(Root.Numbers(), Is.EqualTo(rows.Values.Order()), "What is on the disk is what is stored.");

        var usage = await Root.UsageAsync();
        Assert.Multiple(() =>
        {
            foreach (var info in infos)
            {
                Assert.That(process.Calls.Usage(info.Name), Is.EqualTo(usage[rows[info.Name]]), info.Name);
                if (info.Kind != Kind.Committed)
                    Assert.That(process.Calls.Mounts(new() { Key = info.Name }).Mounts.Single().Directories(), Is.Not.Empty.And.All.Exist, info.Name);
            }
        });
    }
}
