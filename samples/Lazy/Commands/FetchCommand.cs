using System.CommandLine;
using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Remote;
using Microsoft.Extensions.Logging.Abstractions;
using Samples.Lazy.Layers;
using Samples.Lazy.Pulling;

namespace Samples.Lazy.Commands;

/// <summary><c>fetch</c>: fetches an image's layers before a pull needs them. The snapshotter may be running.</summary>
internal sealed class FetchCommand
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly Argument<string> _image = new("image") { Description = "The image's full reference, such as docker.io/library/debian:12." };

    public FetchCommand() => Command = new("fetch", "Fetches an image's layers before a pull needs them. They stay for seven days without a snapshot.") { _image };

    public Command Command { get; }

    public async Task<int> RunAsync(SnapshotterCommandLine given, RegistryOptions options, ErofsMountOptions mounts, ParseResult parsed, CancellationToken cancellationToken)
    {
        var root = given.Root ?? throw SnapshotterException.FailedPrecondition("the option --root is missing");
        if (!ImageReference.TryParse(parsed.GetValue(_image), out var image))
            throw SnapshotterException.FailedPrecondition($"\"{parsed.GetValue(_image)}\" is not a full reference of an image, such as docker.io/library/debian:12");

        Directory.CreateDirectory(root);
        var store = new LayerStore(root, mounts, NullLogger.Instance);
        await using var fetches = new LayerFetches(new(options, NullLogger.Instance), store, lazy: null);
        var output = parsed.InvocationConfiguration.Output;
        try
        {
            var resolved = await fetches.Client.ResolveAsync(image, cancellationToken);
            var pull = new ImagePull(fetches, image, resolved.Manifest.Digest, DateTimeOffset.UtcNow + Kept, cancellationToken);
            await pull.StartAsync(cancellationToken);
            foreach (var (layer, index) in (await pull.Layers).Select((layer, index) => (layer, index)))
            {
                if (fetches.Find(layer.Descriptor.Digest) is { } fetch)
                    await fetch.Completed.WaitAsync(cancellationToken);
                if (pull.RefusalOf(index) is { } reason)
                    throw SnapshotterException.FailedPrecondition(reason);

                await output.WriteLineAsync($"{layer.Descriptor.Digest}  {layer.Descriptor.Size / 1e6:0.0} MB");
            }

            return 0;
        }
        catch (Exception exception) when (exception is RegistryException or InvalidDataException or IOException)
        {
            throw SnapshotterException.FailedPrecondition(exception.Message);
        }
    }
}
