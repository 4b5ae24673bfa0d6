using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Containerd.Snapshots;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Commands;

/// <summary><c>layers</c>: lists the layers that the snapshotter has, fetches, or leaves to containerd.</summary>
internal sealed class LayersCommand
{
    private static readonly string[] Header = ["LAYER", "STATE", "DONE", "SIZE", "ON DISK", "IMAGE", "FROM", "REASON"];

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };

    public LayersCommand() => Command = new("layers", "Lists the layers that are here, are being fetched, or are left to containerd.") { _json };

    public Command Command { get; }

    public int Run(SnapshotterCommandLine given, ParseResult parsed)
    {
        var root = given.Root ?? throw SnapshotterException.FailedPrecondition("the option --root is missing");
        if (!Directory.Exists(Path.Combine(root, "layers")))
            throw SnapshotterException.FailedPrecondition($"\"{root}\" has no layers: no lazy-snapshotter has run with this --root");

        IReadOnlyList<LayerRecord> records = [.. new LayerFolder(root).ReadAll()];
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
            output.WriteLine(JsonSerializer.Serialize(records, LayerJson.Default.IReadOnlyListLayerRecord));
        else
            Print([Header, .. records.Select(Row)], output);

        return 0;
    }

    private static string[] Row(LayerRecord record) =>
    [
        record.Digest[..Math.Min(19, record.Digest.Length)],
        record.State switch
        {
            LayerState.Fetching => "fetching",
            LayerState.Lazy => "lazy, unverified",
            LayerState.Complete => "complete",
            LayerState.Refused => "refused",
            _ => "not supplied",
        },
        record.State is LayerState.NotSupplied or LayerState.Refused ? "" : Percent(record),
        Size(record.Size),
        Size(record.DiskSize),
        Printable(record.Image),
        Printable(string.Join(", ", record.Hosts ?? [])),
        Printable(record.Reason ?? ""),
    ];

    private static string Percent(LayerRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{(record.State == LayerState.Complete ? 100 : record.Size > 0 ? 100.0 * record.Fetched / record.Size : 0):0} %");

    private static string Size(long bytes) => bytes switch
    {
        0 => "",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };

    // An image's name comes from a client, a reason may quote a registry: neither may control the terminal.
    public static string Printable(string text) => string.Concat(text.Select(each => char.IsControl(each) ? '?' : each));

    private static void Print(IReadOnlyList<string[]> rows, TextWriter output)
    {
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }
}
