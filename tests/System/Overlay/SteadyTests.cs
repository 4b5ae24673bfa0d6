using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>
/// The native overlay snapshotter under mixed load, for half a minute or for SNAPSHOTS_STEADY_MINUTES minutes: it uses
/// no more resources at the end than after its warm-up.
/// </summary>
[NonParallelizable]
internal sealed class SteadyTests
{
    private const int Parts = 10, SamplesInAPart = 60, Clients = 4, CallersOfAClient = 2;

    private const long MoreMemory = 3 << 10; // kB

    // Eight callers need no more; how many .NET chooses varies.
    private const int MostWorkers = 64;

    // The names of threads that .NET starts and ends as it likes: the pool's, those for one long task, such as making
    // directories ahead, and the background garbage collector's.
    private const string Worker = ".NET TP Worker\n", LongTask = ".NET Long Runni\n", Collector = ".NET BGC\n";

    // The store keeps one connection that writes, and eight and one for each processor that read; each has the database
    // and its log open. Of other connections, at most one for each thread, SQLite keeps the database's descriptor for
    // reuse. The store itself has two more files open.
    private static readonly int MostOfDatabase = MostWorkers + (2 * (1 + 8 + Environment.ProcessorCount)) + 2;

    private readonly CancellationTokenSource _stopping = new();
    private DirectoryInfo _folder = null!;
    private long _calls;

    private static TimeSpan Part => TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("SNAPSHOTS_STEADY_MINUTES") ?? "0.5", CultureInfo.InvariantCulture)) / Parts;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("steady-");

    [TearDown]
    public void DeleteFolder()
    {
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Under_mixed_load_memory_descriptors_and_threads_stay_what_they_were()
    {
        Tools.Require();
        await using var process = await NativeProcess.StartAsync(
            await PublishedSample.Overlay.PathAsync(), Path.Combine(_folder.FullName, "test.sock"), Path.Combine(_folder.FullName, "root"));
        var clients = Enumerable.Range(0, Clients).Select(_ => new SnapshotsClient(process.SocketPath)).ToList();
        await WarmUpAsync(clients);
        var callers = clients.SelectMany((client, i) => Enumerable.Range(0, CallersOfAClient).Select(caller => Task.Run(() => CallAsync(client.Calls, $"{i}-{caller}")))).ToList();

        var samples = new List<Sample>();
        using (var timer = new PeriodicTimer(Part / SamplesInAPart))
        {
            while (samples.Count < Parts * SamplesInAPart && await timer.WaitForNextTickAsync() && !callers.Exists(static caller => caller.IsFaulted))
                samples.Add(Look(process));
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(callers);
        clients.ForEach(static client => client.Dispose());
        var (second, last) = (Median(samples, 1), Median(samples, Parts - 1));
        await TestContext.Out.WriteLineAsync($"Descriptors open all the time: {Fewest(samples, 1)} and {Fewest(samples, Parts - 1)}.");
        await TestContext.Out.WriteLineAsync($"{_calls} calls. In the second of {Parts} parts: {second}. In the last: {last}.");

        Assert.Multiple(() =>
        {
            Assert.That(last.Memory, Is.LessThanOrEqualTo(second.Memory + MoreMemory), "resident memory in kB");
            Assert.That(Fewest(samples, Parts - 1), Is.LessThanOrEqualTo(Fewest(samples, 1)), "descriptors that are open all the time");
            Assert.That(samples.Skip(SamplesInAPart * (Parts - 1)).Min(static sample => sample.OfDatabase), Is.LessThanOrEqualTo(MostOfDatabase), "the database's, open all the time");
            Assert.That(last.Threads, Is.LessThanOrEqualTo(second.Threads), "threads that do not come and go");
            Assert.That(samples.Max(static sample => sample.Workers), Is.LessThanOrEqualTo(MostWorkers), "the pool's threads and long tasks', which come and go");
        });
    }

    // The store has a connection for each concurrent reader, and keeps up to ten.
    private static async Task WarmUpAsync(List<SnapshotsClient> clients)
    {
        for (var burst = 0; burst < 100; burst++)
            await Task.WhenAll(clients.SelectMany(static client => Enumerable.Range(0, 25).Select(_ => StatAsync(client.Calls))));
    }

    private static Task StatAsync(Wire.Snapshots.SnapshotsClient calls) =>
        Rpc.FailsAsync(StatusCode.NotFound, () => calls.StatAsync(new() { Key = "missing" }).ResponseAsync);

    private static Sample Look(NativeProcess process)
    {
        var threads = Directory.GetDirectories($"/proc/{process.Id}/task").Select(NameOf).Where(static name => name != Collector).ToList();
        var workers = threads.Count(static name => name is Worker or LongTask);
        var descriptors = Directory.GetFiles($"/proc/{process.Id}/fd");
        var ofDatabase = descriptors.Count(IsDatabase);
        return new(process.Memory("VmRSS:"), descriptors.Length - ofDatabase, ofDatabase, threads.Count - workers, workers);
    }

    // Counted apart: the store may open the last of the connections that it keeps at any time.
    private static bool IsDatabase(string descriptor) =>
        new FileInfo(descriptor).LinkTarget?.Contains("metadata.db", StringComparison.Ordinal) ?? false;

    // A thread of the pool may end at any time.
    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm"));
        }
        catch (IOException)
        {
            return Worker;
        }
    }

    private static Sample Median(List<Sample> samples, int part)
    {
        var own = samples.GetRange(part * SamplesInAPart, SamplesInAPart);
        return new(Median(own, static sample => sample.Memory), (int)Median(own, static sample => sample.Descriptors), (int)Median(own, static sample => sample.OfDatabase), (int)Median(own, static sample => sample.Threads), (int)Median(own, static sample => sample.Workers));
    }

    // The minimum leaves out what calls have open for a moment.
    private static int Fewest(List<Sample> samples, int part) => samples.GetRange(part * SamplesInAPart, SamplesInAPart).Min(static sample => sample.Descriptors);

    private static long Median(List<Sample> samples, Func<Sample, long> value) => samples.Select(value).Order().ElementAt(samples.Count / 2);

    private async Task CallAsync(Wire.Snapshots.SnapshotsClient calls, string caller)
    {
        for (var i = 0; !_stopping.IsCancellationRequested; i++)
        {
            await CycleAsync(calls, $"{caller}-{i}");
            if (i % 50 == 0)
                await calls.CleanupAsync(new());
        }
    }

    // Makes a layer and a container on it, and removes both.
    private async Task CycleAsync(Wire.Snapshots.SnapshotsClient calls, string key)
    {
        var layer = (await calls.PrepareAsync(new() { Key = $"extract {key}", Labels = { ["containerd.io/gc.root"] = key } })).Mounts.Single();
        await File.WriteAllTextAsync(Path.Combine(layer.Source, "file"), key);
        await calls.CommitAsync(new() { Key = $"extract {key}", Name = $"layer {key}" });
        await calls.PrepareAsync(new() { Key = $"container {key}", Parent = $"layer {key}" });
        await calls.MountsAsync(new() { Key = $"container {key}" });
        await calls.UsageAsync(new() { Key = $"container {key}" });
        await calls.UpdateAsync(new() { Info = new() { Name = $"layer {key}", Labels = { ["a"] = key } }, UpdateMask = new() { Paths = { "labels.a" } } });
        using (var list = calls.List(new() { Filters = { "kind==committed" } }))
            await list.ResponseStream.ReadAllAsync().CountAsync();
        await StatAsync(calls);
        await calls.RemoveAsync(new() { Key = $"container {key}" });
        await calls.RemoveAsync(new() { Key = $"layer {key}" });
        Interlocked.Add(ref _calls, 10);
    }

    /// <summary>The resources that the process uses.</summary>
    private readonly record struct Sample(long Memory, int Descriptors, int OfDatabase, int Threads, int Workers)
    {
        public override string ToString() => $"{Memory} kB, {Descriptors} descriptors and {OfDatabase} of the database, {Threads} threads and {Workers} that come and go";
    }
}
