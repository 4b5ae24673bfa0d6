using Tomlyn;
using Tomlyn.Parsing;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>
/// A table of a TOML document: texts, numbers, lists and tables, as much as is asked for here; anything else is null. Tables
/// that are opened several times are one, as the parser's events do not have them.
/// </summary>
internal sealed class TomlTable : Dictionary<string, object?>
{
    private TomlTable()
    {
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is malformed; the message says where.</exception>
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

    /// <summary>A table, or an empty one if it is not there.</summary>
    public TomlTable Table(string key) => this.GetValueOrDefault(key) as TomlTable ?? [];

    /// <summary>A list, or an empty one if it is not there.</summary>
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
