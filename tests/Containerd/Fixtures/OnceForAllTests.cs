namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>What is left after the last test.</summary>
[SetUpFixture]
internal sealed class OnceForAllTests
{
    [OneTimeTearDown]
    public void DeletePublishedSample() => PublishedSample.Delete();
}
