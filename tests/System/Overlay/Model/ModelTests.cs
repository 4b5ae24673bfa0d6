using Containerd.Snapshots.Tests.Model;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using CsCheck;

namespace Containerd.Snapshots.Tests.Overlay.Model;

/// <summary>
/// Random histories of all calls through the socket, against a model of what containerd expects. A difference is shrunk
/// to a short history. SNAPSHOTS_HISTORIES sets the number of histories, each of 25 calls on average.
/// </summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class ModelTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private static readonly int Histories =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_HISTORIES"), out var number) ? number : 100;

    private NativeProcess _process = null!;

    [SetUp]
    public async Task Start() => _process = await StartAsync();

    [TearDown]
    public async Task Stop() => await _process.DisposeAsync();

    [Test]
    public Task Sequential_calls_answer_as_the_model_does() => SampleAsync(
        Tests.Model.Histories.Sequential(50), (target, history) => Comparison.AssertSameInSequenceAsync(target, history.Where(HasName)));

    [Test]
    public Task Concurrent_calls_answer_as_the_model_does_in_some_order() => SampleAsync(
        Tests.Model.Histories.Concurrent(12),
        (target, history) => Comparison.AssertSameAtOnceAsync(target, [.. history.Before.Where(HasName)], [.. history.AtOnce.Where(HasName)]));

    // The runtime refuses a call without a name before all other checks, the model in containerd's order.
    private static bool HasName(Operation operation) =>
        operation is not (Operation.Prepare { Key: "" } or Operation.View { Key: "" } or Operation.Commit { Name: "" });

    // One history at a time, since they share the snapshotter; each begins without snapshots.
    private async Task SampleAsync<T>(Gen<T> histories, Func<GrpcTarget, T, Task> compare)
    {
        var target = new GrpcTarget(_process.Calls);
        await histories.SampleAsync(
            async history =>
            {
                await RemoveAllAsync();
                await compare(target, history);
            },
            iter: Histories,
            threads: 1);

        await RemoveAllAsync();
        _process.Calls.Cleanup();
        Assert.That(Root.Numbers(), Is.Empty);
    }

    private async Task RemoveAllAsync()
    {
        while (await _process.Calls.ListAsync() is { Count: > 0 } infos)
        {
            foreach (var childless in infos.ExceptBy(infos.Select(info => info.Parent), info => info.Name))
                _process.Calls.Remove(childless.Name);
        }
    }
}
