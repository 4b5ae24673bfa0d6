using Containerd.Snapshots.Tests.Client;
using Google.Protobuf;

namespace Containerd.Snapshots.Tests.Lazy.Cri;

/// <summary>What the kubelet asks of containerd.</summary>
/// <param name="socket">containerd's socket.</param>
/// <param name="cgroup">The parent of the pods' cgroups.</param>
internal sealed class CriClient(string socket, string cgroup) : IDisposable
{
    private readonly SnapshotsClient _connection = new(socket);

    private ImageService.ImageServiceClient Images => new(_connection.Channel);

    private RuntimeService.RuntimeServiceClient Runtime => new(_connection.Channel);

    private static DateTime Deadline => DateTime.UtcNow.AddSeconds(60);

    public async Task PullAsync(string image) => await Images.PullImageAsync(new() { Image = new() { Image = image } }, deadline: Deadline);

    /// <summary>Whether containerd has an image.</summary>
    public async Task<bool> HasAsync(string image) => (await Images.ImageStatusAsync(new() { Image = new() { Image = image } }, deadline: Deadline)).Image is not null;

    public async Task RemoveAsync(string image) => await Images.RemoveImageAsync(new() { Image = new() { Image = image } }, deadline: Deadline);

    /// <summary>Runs a pod with one container, a script in it, and removes the pod.</summary>
    /// <returns>What the script prints.</returns>
    public async Task<string[]> RunAsync(string image, string script)
    {
        // The node's network, so that no plugin for networks is needed.
        var pod = new PodSandboxConfig
        {
            Metadata = new() { Name = "pod", Uid = Guid.NewGuid().ToString(), Namespace = "tests" },
            Linux = new() { CgroupParent = $"/{cgroup}", SecurityContext = new() { NamespaceOptions = new() { Network = NamespaceMode.Node } } },
        };
        var id = (await Runtime.RunPodSandboxAsync(new() { Config = pod }, deadline: Deadline)).PodSandboxId;
        try
        {
            var config = new ContainerConfig { Metadata = new() { Name = "container" }, Image = new() { Image = image }, Command = { "sleep", "600" } };
            var container = (await Runtime.CreateContainerAsync(new() { PodSandboxId = id, Config = config, SandboxConfig = pod }, deadline: Deadline)).ContainerId;
            await Runtime.StartContainerAsync(new() { ContainerId = container }, deadline: Deadline);
            var run = await Runtime.ExecSyncAsync(new() { ContainerId = container, Cmd = { "sh", "-ec", script } }, deadline: Deadline);
            Assert.That(run.ExitCode, Is.Zero, run.Stderr.ToStringUtf8());
            return Lines(run.Stdout);
        }
        finally
        {
            await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = id }, deadline: Deadline);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string[] Lines(ByteString text) => text.ToStringUtf8().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
