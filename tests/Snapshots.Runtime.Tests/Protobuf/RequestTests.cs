using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;
using Containerd.Snapshots.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.Tests.Protobuf;

/// <summary>
/// Any bytes are read, or refused, as Google's library reads or refuses them. SNAPSHOTS_WIRE_INPUTS sets the number of
/// inputs for each request.
/// </summary>
internal sealed class RequestTests
{
    private const int DefaultInputs = 3000, Seed = 20261125;

    // The one difference: in a label, Google's library ignores a field with an undefined wire type. Go's refuses it.
    private const string OddType = "which is none here";

    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_WIRE_INPUTS"), out var inputs) ? inputs : DefaultInputs;

    [Test]
    public void Stat_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new StatSnapshotRequest { Snapshotter = messages.Text(), Key = messages.Text() },
        () => new StatCall(),
        request => [request.Snapshotter, request.Key],
        call => [call.Snapshotter, call.Key]);

    [Test]
    public void Remove_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new RemoveSnapshotRequest { Snapshotter = messages.Text(), Key = messages.Text() },
        () => new RemoveCall(),
        request => [request.Snapshotter, request.Key],
        call => [call.Snapshotter, call.Key]);

    [Test]
    public void Usage_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new UsageRequest { Snapshotter = messages.Text(), Key = messages.Text() },
        () => new UsageCall(),
        request => [request.Snapshotter, request.Key],
        call => [call.Snapshotter, call.Key]);

    [Test]
    public void Mounts_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new MountsRequest { Snapshotter = messages.Text(), Key = messages.Text() },
        () => new MountsCall(),
        request => [request.Snapshotter, request.Key],
        call => [call.Snapshotter, call.Key]);

    [Test]
    public void Cleanup_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new CleanupRequest { Snapshotter = messages.Text() },
        () => new CleanupCall(),
        request => [request.Snapshotter],
        call => [call.Snapshotter]);

    [Test]
    public void Prepare_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages =>
        {
            var request = new PrepareSnapshotRequest { Snapshotter = messages.Text(), Key = messages.Text(), Parent = messages.Text() };
            messages.AddLabels(request.Labels);
            return request;
        },
        () => new PrepareCall(),
        request => [request.Snapshotter, request.Key, request.Parent, .. Of(request.Labels)],
        call => [call.Snapshotter, call.Key, call.Parent, .. Of(call.Labels)]);

    [Test]
    public void View_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages =>
        {
            var request = new ViewSnapshotRequest { Snapshotter = messages.Text(), Key = messages.Text(), Parent = messages.Text() };
            messages.AddLabels(request.Labels);
            return request;
        },
        () => new ViewCall(),
        request => [request.Snapshotter, request.Key, request.Parent, .. Of(request.Labels)],
        call => [call.Snapshotter, call.Key, call.Parent, .. Of(call.Labels)]);

    [Test]
    public void Commit_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages =>
        {
            var request = new CommitSnapshotRequest { Snapshotter = messages.Text(), Name = messages.Text(), Key = messages.Text(), Parent = messages.Text() };
            messages.AddLabels(request.Labels);
            return request;
        },
        () => new CommitCall(),
        request => [request.Snapshotter, request.Name, request.Key, request.Parent, .. Of(request.Labels)],
        call => [call.Snapshotter, call.Name, call.Key, call.Parent, .. Of(call.Labels)]);

    [Test]
    public void Update_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new UpdateSnapshotRequest { Snapshotter = messages.Text(), Info = messages.Info(), UpdateMask = new() { Paths = { messages.Text(), messages.Text() } } },
        () => new UpdateCall(),
        request => [request.Snapshotter, .. Of(request.Info), .. request.UpdateMask?.Paths ?? []],
        call => [call.Snapshotter, .. Of(call), .. call.FieldPaths]);

    [Test]
    public void List_is_read_as_Google_reads_it() => AssertReadAsGoogleReads(
        messages => new ListSnapshotsRequest { Snapshotter = messages.Text(), Filters = { "", "name==a" } },
        () => new WalkCall(),
        request => [request.Snapshotter, $"{(SnapshotFilter.TryParse(request.Filters, out _, out _) ? string.Join('|', request.Filters) : "refused")}"],
        call => [call.Snapshotter, call.Check().IsSuccess ? string.Join('|', call.Filters) : "refused"]);

    private static void AssertReadAsGoogleReads<TRequest, TCall>(
        Func<RandomMessages, TRequest> make, Func<TCall> create, Func<TRequest, IEnumerable<string>> theirs, Func<TCall, IEnumerable<string>> ours)
        where TRequest : IMessage<TRequest>, new()
        where TCall : SnapshotCall
    {
        var messages = new RandomMessages(new Random(Seed));
        var parser = new MessageParser<TRequest>(() => new TRequest());
        var refused = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = messages.Bytes(make(messages));
            var call = create();
            call.Read(bytes);
            try
            {
                var request = parser.ParseFrom(bytes);
                if (call.Malformed?.EndsWith(OddType, StringComparison.Ordinal) == true)
                    continue;

                Assert.That(call.Malformed, Is.Null, Convert.ToHexString(bytes));
                Assert.That(ours(call), Is.EqualTo(theirs(request)), Convert.ToHexString(bytes));
            }
            catch (InvalidProtocolBufferException exception)
            {
                refused++;
                Assert.That(call.Malformed, Is.Not.Null, $"{Convert.ToHexString(bytes)}: {exception.Message}");
            }
        }

        Assert.That(refused, Is.InRange(Inputs / 20, Inputs * 2 / 3), "inputs that are no messages");
    }

    private static IEnumerable<string> Of(IEnumerable<KeyValuePair<string, string>> labels) =>
        labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal);

    // An info that the types of snapshotters cannot hold is refused; its name is checked first.
    private static IEnumerable<string> Of(Info? info)
    {
        if (info is null)
            return ["no info"];

        if (!WireLimits.CheckKey(info.Name, "name").IsSuccess)
            return ["bad name"];

        if (info.Kind is < Kind.Unknown or > Kind.Committed || !IsInRange(info.CreatedAt) || !IsInRange(info.UpdatedAt))
            return ["out of range"];

        return [info.Name, info.Parent, $"{info.Kind}", Of(info.CreatedAt?.ToDateTimeOffset()), Of(info.UpdatedAt?.ToDateTimeOffset()), .. Of(info.Labels)];
    }

    private static bool IsInRange(Google.Protobuf.WellKnownTypes.Timestamp? time) =>
        time is null or { Seconds: >= -62_135_596_800 and <= 253_402_300_799, Nanos: >= 0 and < 1_000_000_000 };

    private static IEnumerable<string> Of(UpdateCall call)
    {
        var flaw = call.Check().Message;
        if (flaw.Contains("no info", StringComparison.Ordinal))
            return ["no info"];

        if (flaw.Contains("name", StringComparison.Ordinal))
            return ["bad name"];

        if (flaw.Length > 0)
            return ["out of range"];

        var info = call.Info;
        return [info.Name, info.Parent, $"{info.Kind}", Of(info.CreatedAt), Of(info.UpdatedAt), .. Of(info.Labels)];
    }

    private static string Of(DateTimeOffset? time) => time is null || time == default(DateTimeOffset) ? "" : $"{time:O}";
}
