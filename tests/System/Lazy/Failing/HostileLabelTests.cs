using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>Labels that no containerd sends. SNAPSHOTS_HOSTILE_INPUTS says how many.</summary>
internal sealed class HostileLabelTests : LazyTest
{
    private const int Callers = 32;

    private static readonly int Inputs =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_HOSTILE_INPUTS"), CultureInfo.InvariantCulture, out var inputs) ? inputs : 400;

    private static readonly StatusCode[] Expected = [StatusCode.OK, StatusCode.AlreadyExists, StatusCode.InvalidArgument, StatusCode.NotFound, StatusCode.FailedPrecondition];

    [Test]
    public async Task Mutated_labels_crash_nothing_and_the_next_pull_works()
    {
        var image = await PushAsync();
        var labels = image.LabelsOf(Node.Hostile.Address, 0);
        using var client = new SnapshotsClient(Node.Snapshotter.Socket);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client.Calls, caller, labels))));

        foreach (var snapshot in (await Node.Snapshotter.ListAsync()).Reverse())
            await client.Calls.RemoveAsync(new() { Key = snapshot.Name });
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "changed by three", "of two" }));
        Assert.That(await PartsAsync(), Is.Empty);
        Assert.That(Node.Snapshotter.Log, Does.Not.Contain("Unhandled"));
    }

    [Test]
    public async Task Layer_with_another_layer_s_name_is_not_supplied()
    {
        var image = await PushAsync();
        using var client = new SnapshotsClient(Node.Snapshotter.Socket);
        var request = image.PrepareOf(Node.Hostile.Address, 0);
        request.Labels["containerd.io/snapshot/cri.layer-digest"] = image.Layers[1].Digest;
        request.Labels["containerd.io/snapshot/cri.image-layers"] = image.Layers[1].Digest;

        var reply = await client.Calls.PrepareAsync(request, deadline: DateTime.UtcNow.AddSeconds(60));

        Assert.That(reply.Mounts, Is.Not.Empty);
        Assert.That(Node.Snapshotter.Log, Does.Contain($"the image's layer with the chain ID {image.ChainIds[0]} has the digest {image.Layers[0].Digest}"));
    }

    private static async Task CallAsync(Wire.Snapshots.SnapshotsClient calls, int caller, IReadOnlyDictionary<string, string> labels)
    {
        var random = new Random(caller);
        for (var input = 0; input < Inputs / Callers; input++)
        {
            var request = new Wire.PrepareSnapshotRequest { Key = $"{caller}-{input}" };
            foreach (var (name, value) in Mutate(labels, random))
                request.Labels[name] = value;

            var status = await Rpc.StatusOfAsync(async () => await calls.PrepareAsync(request, deadline: DateTime.UtcNow.AddSeconds(60)));
            Assert.That(Expected, Does.Contain(status.StatusCode), $"{status.Detail}: {request}");
        }
    }

    private static Dictionary<string, string> Mutate(IReadOnlyDictionary<string, string> labels, Random random)
    {
        var mutated = labels.ToDictionary();
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var name = mutated.Keys.ElementAt(random.Next(mutated.Count));
            if (random.Next(8) == 0 && mutated.Count > 1)
                mutated.Remove(name);
            else
                mutated[name] = Mutate(mutated[name], labels.Values.ElementAt(random.Next(labels.Count)), random);
        }

        return mutated;
    }

    // The registry's address stays: another one is waited for, 10 s each.
    private static string Mutate(string value, string other, Random random)
    {
        var kept = value.IndexOf('/', StringComparison.Ordinal) + 1;
        var at = random.Next(kept, value.Length + 1);
        return random.Next(7) switch
        {
            0 => value[..at],
            1 => value[..at] + (char)random.Next(1, 0x2fff) + value[at..],
            2 => value[..at] + value[kept..at] + value[at..],
            3 => kept > 0 ? value + new string('a', random.Next(5000)) : other,
            4 => value.ToUpperInvariant(),
            5 => value[..at] + "../../" + value[at..],
            _ => value[..at] + random.Next(10) + value[Math.Min(value.Length, at + 1)..],
        };
    }
}
