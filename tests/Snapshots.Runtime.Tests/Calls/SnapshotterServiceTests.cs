using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Calls;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Services and their names, as emitted code and the runtime use them.</summary>
internal sealed class SnapshotterServiceTests
{
    [Test]
    public void A_service_needs_a_call() => Assert.That(() => new NoCalls().Stat(null!), Throws.ArgumentNullException);

    [Test]
    public void A_service_needs_a_name_that_is_not_empty() => Assert.That(
        () => new SnapshotterRouter().Add("", new NoCalls()),
        Throws.ArgumentException.With.Message.StartsWith("A snapshotter's name is empty: use its name in containerd's configuration."));

    private sealed class NoCalls : SnapshotterService
    {
        public override string Calls => "";
    }
}
