namespace Containerd.Snapshots.Tests.Model;

internal sealed class SnapshotResultTests
{
    [Test]
    public void A_value_becomes_a_result()
    {
        SnapshotResult<string> result = "value";

        Assert.Multiple(() =>
        {
            Assert.That(result.IsSuccess, Is.True);
            Assert.That(result.Value, Is.EqualTo("value"));
            Assert.That(result.Error, Is.Null);
            Assert.That(result.Message, Is.Empty);
        });
    }

    [Test]
    public void An_error_becomes_a_result_of_any_payload()
    {
        SnapshotResult<string> result = SnapshotResult.NotFound("k");

        Assert.Multiple(() =>
        {
            Assert.That(result.IsSuccess, Is.False);
            Assert.That(result.Error, Is.EqualTo(SnapshotterError.NotFound));
            Assert.That(result.Message, Does.Contain("\"k\""));
        });
    }

    [Test]
    public void A_success_without_a_value_does_not_convert_to_a_result_with_a_payload() =>
        Assert.That(
            () => (SnapshotResult<string>)SnapshotResult.Success,
            Throws.ArgumentException.With.Message.StartsWith("This call needs a value: return the value, not a success without one."));

    [Test]
    public void A_failure_without_a_message_is_refused() =>
        Assert.That(() => SnapshotResult.Failure(SnapshotterError.Internal, null!), Throws.ArgumentNullException);

    [Test]
    public void The_default_is_success() => Assert.That(default(SnapshotResult).IsSuccess, Is.True);
}
