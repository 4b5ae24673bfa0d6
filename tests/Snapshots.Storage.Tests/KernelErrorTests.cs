using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>What the kernel's errors are to containerd.</summary>
internal sealed class KernelErrorTests
{
    [TestCase(Errno.NoSpaceLeft)]
    [TestCase(Errno.QuotaExceeded)]
    [TestCase(Errno.NoMemory)]
    [TestCase(Errno.TooManyOpenFiles)]
    [TestCase(Errno.TooManyOpenFilesHere)]
    public void What_the_system_has_run_out_of_is_ResourceExhausted(int error)
    {
        var exception = Assert.Throws<SnapshotterException>(() => KernelErrors.ThrowIfFailed(error, "cannot make it"))!;

        Assert.That((exception.Error, exception.Message), Is.EqualTo((SnapshotterError.ResourceExhausted, $"cannot make it: {Linux.Text(error)}")));
    }

    [Test]
    public void Any_other_error_is_an_IOException() =>
        Assert.That(() => KernelErrors.ThrowIfFailed(Errno.ReadOnlyFileSystem, "cannot make it"), Throws.TypeOf<IOException>().With.Message.StartsWith("cannot make it: "));
}
