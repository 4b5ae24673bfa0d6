using System.Globalization;
using Containerd.Snapshots.Runtime.Calls;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>How a peer is named in the log.</summary>
internal sealed class PeerCredentialsTests
{
    [Test]
    public void The_overflow_id_is_the_kernel_s() => Assert.That(
        PeerCredentials.Overflow,
        Is.EqualTo(uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), CultureInfo.InvariantCulture)));

    [Test]
    public void A_peer_is_named_by_its_process_and_user() => Assert.Multiple(() =>
    {
        Assert.That(new PeerCredentials(5, 7).ToString(), Is.EqualTo("process 5 of user 7"));
        Assert.That(new PeerCredentials(0, 7).ToString(), Is.EqualTo("a process of another pid namespace of user 7"));
        Assert.That(
            new PeerCredentials(5, PeerCredentials.Overflow).ToString(),
            Is.EqualTo($"process 5 of user {PeerCredentials.Overflow} (nobody, or a user of another user namespace)"));
    });
}
