using System.Globalization;
using Containerd.Snapshots.Generator.Shapes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>The arguments of a call reach the method that answers it.</summary>
internal sealed class ArgumentTests
{
    /// <summary>Snapshotters that fail with their arguments or context, wait to be canceled, or have one call.</summary>
    private static readonly string Source = $$"""
        [Snapshotter]
        internal sealed partial class Echo
        {
            public SnapshotInfo Stat(string key) => throw Got(key);
            public SnapshotInfo Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths) => throw Got(info.Name, Text(info.Labels), string.Join(' ', fieldPaths));
            public SnapshotUsage Usage(string key) => throw Got(key);
            public Mount Mounts(string key) => throw Got(key);
            public Mount Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw Got(key, parent, Text(labels));
            public Mount View(IReadOnlyDictionary<string, string> labels, string parent, string key) => throw Got(key, parent, Text(labels));
            public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw Got(name, key, parent, Text(labels));
            public void Remove(string key) => throw Got(key);
            public IEnumerable<SnapshotInfo> Walk(IReadOnlyList<string> filters) => throw Got(filters.ToArray());
            public void Cleanup() => throw Got("nothing");

            private static Exception Got(params string[] arguments) => SnapshotterException.FailedPrecondition($"got {string.Join(", ", arguments)}.");
            private static string Text(IReadOnlyDictionary<string, string> labels) => string.Join(' ', labels.Select(label => $"{label.Key}={label.Value}"));
        }

        [Snapshotter]
        internal sealed partial class EchoContext
        {
            {{string.Join("\n    ", CallTable.Calls.Select(call => $"public {Forms.TypeOf(call)} {call.Name}(SnapshotContext context) => throw Got(context);"))}}

            private static Exception Got(SnapshotContext context) => SnapshotterException.FailedPrecondition(
                FormattableString.Invariant($"got {context.Snapshotter}, {context.Namespace}, {context.Lease}, {context.Deadline:yyyy-MM-dd HH}."));
        }

        [Snapshotter]
        internal sealed partial class Waiting
        {
            {{string.Join("\n    ", CallTable.Calls.Select(Waiting))}}
        }

        public static class Gate
        {
            private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource> Signals = new();

            public static Task Started(string call) => Signal($"{call} started").Task;
            public static Task Canceled(string call) => Signal($"{call} canceled").Task;

            internal static async Task<T> WaitAsync<T>(string call, CancellationToken cancellationToken)
            {
                using var registration = cancellationToken.Register(() => Signal($"{call} canceled").SetResult());
                Signal($"{call} started").SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException();
            }

            private static TaskCompletionSource Signal(string name) =>
                Signals.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        [Snapshotter]
        internal sealed partial class OnlyCleanup
        {
            public void Cleanup() { }
        }

        [Snapshotter]
        internal sealed partial class OnlyRemove
        {
            public void Remove(string key) { }
        }
        """;

    private CalledProgram _program = null!;

    [OneTimeSetUp]
    public async Task StartProgram() => _program = await CalledProgram.StartAllAsync(Source);

    [OneTimeTearDown]
    public async Task StopProgram() => await _program.DisposeAsync();

    private static IEnumerable<string> Calls => ClientCalls.Names;

    [TestCase("Stat", "key")]
    [TestCase("Update", "name, a=1, labels.a labels.b")]
    [TestCase("Usage", "key")]
    [TestCase("Mounts", "key")]
    [TestCase("Prepare", "key, parent, a=1")]
    [TestCase("View", "key, parent, a=1")]
    [TestCase("Commit", "name, key, parent, a=1")]
    [TestCase("Remove", "key")]
    [TestCase("Walk", "name!=other")]
    [TestCase("Cleanup", "nothing")]
    public async Task Arguments_arrive(string call, string arguments)
    {
        var failure = await _program.Calls.FailureAsync(call, "Echo", "default");

        Assert.That(failure.Status.Detail, Does.StartWith($"got {arguments}."));
    }

    [TestCaseSource(nameof(Calls))]
    public async Task The_context_arrives(string call)
    {
        var headers = new Metadata { { "containerd-namespace", "k8s.io" }, { "containerd-lease", "lease" } };
        var deadline = DateTime.UtcNow.AddSeconds(20); // Shorter than any call's limit; the remaining time arrives.

        var failure = await Assert.ThrowsAsync<RpcException>(() => _program.Calls.CallAsync(call, "EchoContext", new CallOptions(headers, deadline)));

        Assert.That(failure!.Status.Detail, Does.StartWith(Expected(deadline.AddSeconds(-5))).Or.StartWith(Expected(deadline.AddSeconds(5))));

        static string Expected(DateTime deadline) => string.Create(CultureInfo.InvariantCulture, $"got EchoContext, k8s.io, lease, {deadline:yyyy-MM-dd HH}.");
    }

    [TestCaseSource(nameof(Calls))]
    public async Task The_token_is_canceled_with_the_client(string call)
    {
        using var giveUp = new CancellationTokenSource();
        var answer = _program.Calls.CallAsync(call, "Waiting", new CallOptions(cancellationToken: giveUp.Token));

        await Eventually.Within(Gate("Started", call));
        await giveUp.CancelAsync();

        await Eventually.Within(Gate("Canceled", call));
        await Assert.ThatAsync(() => answer, Throws.TypeOf<RpcException>().With.Property("StatusCode").EqualTo(StatusCode.Cancelled));
    }

    [TestCaseSource(nameof(Calls))]
    public async Task A_call_that_the_class_lacks_is_Unimplemented(string call)
    {
        var failure = await _program.Calls.FailureAsync(call, call == "Cleanup" ? "OnlyRemove" : "OnlyCleanup", "default");

        Assert.That(failure.Status, Has.Property("StatusCode").EqualTo(StatusCode.Unimplemented).And.Property("Detail").Contains($"no {call}"));
    }

    /// <summary>A method that waits until it is canceled.</summary>
    private static string Waiting(SnapshotterCall call)
    {
        const string Token = "CancellationToken cancellationToken";
        var (type, parameter, body) =
            call.Payload == Payload.None ? ("Task", Token, Wait("int"))
            : call.Payload == Payload.Infos ? ("IAsyncEnumerable<SnapshotInfo>", $"[EnumeratorCancellation] {Token}", $"yield return {Wait("SnapshotInfo")}")
            : ($"Task<{Forms.TypeOf(call)}>", Token, $"return {Wait(Forms.TypeOf(call))}");

        return $"public async {type} {call.Name}Async({parameter}) {{ {body}; }}";

        string Wait(string payload) => $"await Gate.WaitAsync<{payload}>(\"{call.Name}\", cancellationToken)";
    }

    private Task Gate(string method, string call) =>
        (Task)_program.Assembly.GetType("Gate", throwOnError: true)!.GetMethod(method)!.Invoke(null, [call])!;
}
