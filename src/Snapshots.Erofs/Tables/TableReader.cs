using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>
/// Reads a table of contents from its beginning to its end, with one entry in memory. Both kinds have the same form: an object
/// with a version, and an array of entries.
/// </summary>
/// <param name="file">The table.</param>
/// <param name="add">Takes each entry, valid during the call.</param>
internal sealed class TableReader(SafeFileHandle file, Action<TableEntry> add)
{
    // The longest token is an extended attribute's value: 64 KiB in base64, with each character escaped at the worst.
    private const int BufferLength = 640 << 10;

    private const int MaxDepth = 16;

    private readonly TableEntryReader _entry = new();
    private Place _place = Place.Start;
    private string? _property;
    private long? _version;

    private enum Place
    {
        Start,
        Table,
        Entries,
        Entry,
        End,
    }

    /// <summary>Reads the table.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of an unknown version.</exception>
    public void Read(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            ReadAll(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"the layer's table of contents is damaged: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_version != 1)
            throw new InvalidDataException($"the layer's table of contents has the version {_version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, and only 1 is known");
    }

    private void ReadAll(byte[] buffer, CancellationToken cancellationToken)
    {
        var state = new JsonReaderState(new() { MaxDepth = MaxDepth });
        var (kept, position) = (0, 0L);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, buffer.AsSpan(kept), position);
            position += read;
            var bytes = buffer.AsSpan(0, kept + read);
            var reader = new Utf8JsonReader(bytes, isFinalBlock: read == 0, state);
            while (reader.Read())
                Take(ref reader);

            if (read == 0)
                return;

            state = reader.CurrentState;
            var rest = bytes[(int)reader.BytesConsumed..];
            if (rest.Length == buffer.Length)
                throw new InvalidDataException("the layer's table of contents has a text that is too long");

            kept = rest.Length;
            rest.CopyTo(buffer);
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (_place)
        {
            case Place.Start when reader.TokenType == JsonTokenType.StartObject:
                _place = Place.Table;
                break;
            case Place.Table:
                TakeInTable(ref reader);
                break;
            case Place.Entries when reader.TokenType == JsonTokenType.StartObject:
                _entry.Begin(reader.CurrentDepth);
                _place = Place.Entry;
                break;
            case Place.Entries when reader.TokenType == JsonTokenType.EndArray:
                (_place, _property) = (Place.Table, null);
                break;
            case Place.Entry:
                if (_entry.TryTake(ref reader))
                    break;

                add(_entry.Entry);
                _place = Place.Entries;
                break;
            default:
                throw new InvalidDataException("the layer's table of contents is not one object with entries");
        }
    }

    private void TakeInTable(ref Utf8JsonReader reader)
    {
        const int Depth = 1; // Of the table's properties.
        if (reader.CurrentDepth > Depth || (reader.CurrentDepth == Depth && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray))
            return; // In a property that is not known.

        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject:
                _place = Place.End;
                break;
            case JsonTokenType.PropertyName:
                _property = reader.ValueTextEquals("entries"u8) ? "entries" : reader.ValueTextEquals("version"u8) ? "version" : null;
                break;
            case JsonTokenType.StartArray when _property == "entries":
                _place = Place.Entries;
                break;
            case JsonTokenType.Number when _property == "version":
                _version = reader.GetInt64();
                break;
        }
    }
}
