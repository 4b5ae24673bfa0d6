using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Wire;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Invalid requests never reach a snapshotter.</summary>
internal sealed class BadRequestTests
{
    private static readonly string TooLong = new('x', 32769);

    private RunningHost _host = null!;

    [OneTimeSetUp]
    public async Task Start() => _host = await RunningHost.StartAsync(new Scripted { OnStat = key => new() { Name = key, Kind = SnapshotKind.Active } });

    [OneTimeTearDown]
    public async Task Stop() => await _host.DisposeAsync();

    private Wire.Snapshots.SnapshotsClient Calls => _host.Calls;

    [Test]
    public void An_empty_key_is_refused() => Assert.Multiple(() =>
    {
        AssertRefused(() => Calls.Stat(new()), "key is empty");
        AssertRefused(() => Calls.Usage(new()), "key is empty");
        AssertRefused(() => Calls.Mounts(new()), "key is empty");
        AssertRefused(() => Calls.Prepare(new()), "key is empty");
        AssertRefused(() => Calls.View(new()), "key is empty");
        AssertRefused(() => Calls.Commit(new() { Name = "n" }), "key is empty");
        AssertRefused(() => Calls.Commit(new() { Key = "k" }), "name is empty");
        AssertRefused(() => Calls.Remove(new()), "key is empty");
        AssertRefused(() => Calls.Update(new() { Info = new() }), "info's name is empty");
    });

    [Test]
    public void A_key_too_long_for_containerd_is_refused() => Assert.Multiple(() =>
    {
        AssertRefused(() => Calls.Prepare(new() { Key = TooLong }), "longer than 32768 bytes");
        AssertRefused(() => Calls.Commit(new() { Name = TooLong, Key = "k" }), "longer than 32768 bytes");
        AssertRefused(() => Calls.Stat(new() { Key = new string('ü', 16385) }), "longer than 32768 bytes");
    });

    [TestCase(32768, "x")]
    [TestCase(16384, "ü")]
    public void The_longest_key_is_accepted(int length, string character)
    {
        var key = string.Concat(Enumerable.Repeat(character, length));

        Assert.That(Calls.Stat(new() { Key = key }).Info.Name, Is.EqualTo(key));
    }

    [Test]
    public void An_update_without_info_is_refused() => AssertRefused(() => Calls.Update(new()), "no info");

    [TestCase(253402300800, 0)]
    [TestCase(-62135596801, 0)]
    [TestCase(0, -1)]
    [TestCase(0, 1_000_000_000)]
    public void A_time_out_of_range_is_refused(long seconds, int nanos)
    {
        var time = new Timestamp { Seconds = seconds, Nanos = nanos };

        Assert.Multiple(() =>
        {
            AssertRefused(() => Calls.Update(new() { Info = new() { Name = "n", CreatedAt = time } }), "created_at");
            AssertRefused(() => Calls.Update(new() { Info = new() { Name = "n", UpdatedAt = time } }), "updated_at");
        });
    }

    [Test]
    public void An_unknown_kind_is_refused() =>
        AssertRefused(() => Calls.Update(new() { Info = new() { Name = "n", Kind = (Kind)17 } }), "kind 17");

    [Test]
    public async Task A_filter_that_does_not_parse_is_refused()
    {
        using var list = Calls.List(new() { Filters = { "name==ok", "name==" } });
        var status = await Rpc.FailsAsync(StatusCode.InvalidArgument, () => list.ResponseStream.MoveNext(default), "name==");

        Assert.That(status.Detail, Does.EndWith(": invalid argument"));
    }

    [TestCase("Stat", "Stat")]
    [TestCase("Update", "Update")]
    [TestCase("Usage", "Usage")]
    [TestCase("Mounts", "Mounts")]
    [TestCase("Prepare", "Prepare")]
    [TestCase("View", "View")]
    [TestCase("Commit", "Commit")]
    [TestCase("Remove", "Remove")]
    [TestCase("Cleanup", "Cleanup")]
    [TestCase("List", "Walk")]
    public async Task A_message_that_cannot_be_decoded_is_refused(string method, string call)
    {
        using var client = new HttpClient(UnixSocketHandler.To(_host.SocketPath));

        var (status, text) = await BareRequest.AnswerOfAsync(client, method, [0x0A, 5], timeout: null);

        Assert.That(status, Is.EqualTo(BareRequest.InvalidArgument));
        Assert.That(text, Does.Match($"^cannot decode the {call} request: .+: invalid argument$"));
    }

    private static void AssertRefused(Action call, string reason) =>
        Assert.That(Rpc.Fails(StatusCode.InvalidArgument, call, reason).Detail, Does.EndWith(": invalid argument"));
}
