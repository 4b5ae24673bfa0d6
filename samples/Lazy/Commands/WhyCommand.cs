using System.CommandLine;
using Containerd.Snapshots;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Commands;

/// <summary><c>why</c>: says in a sentence whether an image is lazy, and why not.</summary>
internal sealed class WhyCommand
{
    private readonly Argument<string> _image = new("image") { Description = "The image's full reference, as containerd has it." };

    public WhyCommand() => Command = new("why", "Says whether an image is lazy, and if not, why.") { _image };

    public Command Command { get; }

    public int Run(SnapshotterCommandLine given, ParseResult parsed)
    {
        var root = given.Root ?? throw SnapshotterException.FailedPrecondition("the option --root is missing");
        var image = parsed.GetValue(_image)!;
        IReadOnlyList<LayerRecord> layers = Directory.Exists(Path.Combine(root, "layers")) ? [.. new LayerFolder(root).ReadAll().Where(layer => layer.Image == image)] : [];
        parsed.InvocationConfiguration.Output.WriteLine(layers.Count == 0
            ? $"{LayersCommand.Printable(image)}: no layer was asked for with this name; a layer that was there before has another image's."
            : $"{LayersCommand.Printable(image)}: {LayersCommand.Printable(Why(layers))}.");
        return layers.Count == 0 ? 1 : 0;
    }

    private static string Why(IReadOnlyList<LayerRecord> layers)
    {
        var lazy = layers.Count(layer => layer.Lazy is not null);
        if (layers.FirstOrDefault(layer => layer.State == LayerState.Refused) is { } refused)
            return $"layer {refused.Digest} is refused: {refused.Reason}";
        if (layers.FirstOrDefault(layer => layer.State == LayerState.NotSupplied) is { } left)
            return $"containerd unpacks layer {left.Digest}, and all above it: {left.Reason}";
        if (lazy == layers.Count)
            return layers.All(layer => layer.State == LayerState.Complete) ? "all layers were lazy, and are complete and verified" : "all layers are lazy, and some are not complete";

        var whole = layers.First(layer => layer.Lazy is null);
        return $"{lazy} of {layers.Count} layers are lazy; layer {whole.Digest} is not: {whole.NotLazy ?? "it was here before"}";
    }
}
