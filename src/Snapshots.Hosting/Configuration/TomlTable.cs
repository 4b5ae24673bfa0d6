using Tomlyn;
using Tomlyn.Parsing;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>
/// A table of a TOML document with its strings, integers, booleans, lists and tables; other values are null. Tables that the document
/// opens several times are merged, which the parser does not do.
/// </summary>
internal sealed class TomlTable : Dictionary<string, object?>
{
    private TomlTable()
    {
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">The document is malformed; the message says where.</exception>
    public static TomlTable Parse(string document)
    {
        try
        {
            var parser = TomlParser.Create(document);
            var root = new TomlTable();
            while (parser.MoveNext())
            {
                if (parser.Current.Kind == TomlParseEventKind.StartTable)
                    root.Fill(parser);
            }

            return root;
        }
        catch (TomlException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public string? Text(string key) => this.GetValueOrDefault(key) as string;

    public long? Number(string key) => this.GetValueOrDefault(key) as long?;

    public bool IsFalse(string key) => this.GetValueOrDefault(key) is false;

    /// <summary>Returns a table, or an empty one if the key is missing or not a table.</summary>
    public TomlTable Table(string key) => this.GetValueOrDefault(key) as TomlTable ?? [];

    /// <summary>Returns a list, or an empty one if the key is missing or not a list.</summary>
    public IReadOnlyList<object?> List(string key) => this.GetValueOrDefault(key) as List<object?> ?? [];

    private void Fill(TomlParser parser)
    {
        while (Next(parser) == TomlParseEventKind.PropertyName)
        {
            var key = parser.GetPropertyName();
            Next(parser);
            this[key] = Read(parser, this.GetValueOrDefault(key));
        }
    }

    private static object? Read(TomlParser parser, object? before) => parser.Current.Kind switch
    {
        TomlParseEventKind.StartTable => ReadTable(parser, before as TomlTable ?? []),
        TomlParseEventKind.StartArray => ReadList(parser, before as List<object?> ?? []),
        TomlParseEventKind.String => parser.GetString(),
        TomlParseEventKind.Integer => parser.Current.GetInt64(),
        TomlParseEventKind.Boolean => parser.Current.GetBoolean(),
        _ => null,
    };

    private static TomlTable ReadTable(TomlParser parser, TomlTable table)
    {
        table.Fill(parser);
        return table;
    }

    private static List<object?> ReadList(TomlParser parser, List<object?> list)
    {
        while (Next(parser) != TomlParseEventKind.EndArray)
            list.Add(Read(parser, before: null));

        return list;
    }

    private static TomlParseEventKind Next(TomlParser parser) =>
        parser.MoveNext() ? parser.Current.Kind : throw new FormatException("it ends too early");
}
