using Containerd.Snapshots.Tests.Fixtures;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Errors;

/// <summary>The texts of errors, as the client gets them.</summary>
internal sealed class ErrorMessageTests
{
    // The longest message that is sent as it is.
    private const int MaxLength = 2048;

    [Test]
    public async Task An_error_without_a_message_is_sent_as_its_kind_alone() =>
        Assert.That(await SentAsync(SnapshotterError.InvalidArgument, ""), Is.EqualTo("invalid argument"));

    [TestCase("not found")]
    [TestCase("snapshot \"k\": not found")]
    public async Task A_message_that_ends_in_its_kind_gets_no_second_ending(string message) =>
        Assert.That(await SentAsync(SnapshotterError.NotFound, message), Is.EqualTo(message));

    [Test]
    public async Task A_kind_without_a_colon_in_front_is_no_ending() =>
        Assert.That(await SentAsync(SnapshotterError.NotFound, "the layer was not found"), Is.EqualTo("the layer was not found: not found"));

    [Test]
    public async Task The_longest_message_that_fits_is_sent_whole()
    {
        var message = new string('x', MaxLength);

        Assert.That(await SentAsync(SnapshotterError.Unknown, message), Is.EqualTo(message));
    }

    [Test]
    public async Task A_longer_message_loses_its_middle()
    {
        var message = $"{new string('a', MaxLength / 2)}-{new string('z', MaxLength / 2)}";

        Assert.That(
            await SentAsync(SnapshotterError.Unknown, message),
            Is.EqualTo($"{new string('a', MaxLength / 2)} ... {new string('z', MaxLength / 2)}"));
    }

    [Test]
    public async Task A_quota_that_is_used_up_is_resource_exhausted()
    {
        const int QuotaExceeded = 122; // EDQUOT
        await using var host = await RunningHost.StartAsync(new Scripted { OnStat = _ => throw new IOException("over quota", QuotaExceeded) });

        Assert.That(
            Rpc.StatusOf(() => host.Calls.Stat(new() { Key = "k" })),
            Is.EqualTo(new Status(StatusCode.ResourceExhausted, "over quota: resource exhausted")));
    }

    [Test]
    public void An_exception_without_anything_is_of_unknown_kind_and_says_so()
    {
        var exception = new SnapshotterException();

        Assert.That((exception.Error, exception.Message), Is.EqualTo((SnapshotterError.Unknown, "unknown error")));
    }

    private static async Task<string> SentAsync(SnapshotterError error, string message)
    {
        await using var host = await RunningHost.StartAsync(new Scripted { OnRemove = _ => SnapshotResult.Failure(error, message) });

        return Rpc.StatusOf(() => host.Calls.Remove(new() { Key = "k" })).Detail;
    }
}
