using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Labels in the database: a JSON object, which SQLite's own tools can also read; null for none.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LabelText : JsonSerializerContext
{
    private static readonly LabelText Readable = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string? Write(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? null : JsonSerializer.Serialize(labels, Readable.IReadOnlyDictionaryStringString);

    /// <param name="text">The stored text.</param>
    /// <param name="name">The snapshot's key or name, for the message.</param>
    /// <exception cref="SnapshotterException">DataLoss: the text is damaged.</exception>
    public static Dictionary<string, string> Read(string? text, string name)
    {
        try
        {
            return text is null ? [] : JsonSerializer.Deserialize(text, Readable.DictionaryStringString) ?? [];
        }
        catch (JsonException exception)
        {
            throw SqliteErrors.Damaged("labels", name, exception);
        }
    }
}
