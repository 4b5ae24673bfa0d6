using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;

namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>A value of a TOML document, with its line.</summary>
/// <param name="Value">A string, bool, <see cref="TomlTable"/>, list of values, or null for any other value.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record TomlValue(object? Value, int Line);

/// <summary>A table of a TOML document, in the order of the document; a table that is opened again is merged.</summary>
internal sealed class TomlTable
{
    private const int MaxDepth = 32;

    private readonly List<string> _keys = [];
    private readonly Dictionary<string, TomlValue> _values = new(StringComparer.Ordinal);

    /// <summary>The keys, each where it is first seen.</summary>
    public IReadOnlyList<string> Keys => _keys;

    public TomlValue? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">The document is malformed; the message has the line.</exception>
    public static TomlTable Parse(string document)
    {
        try
        {
            var parser = TomlParser.Create(document);
            var root = new TomlTable();
            while (parser.MoveNext())
            {
                if (parser.Current.Kind == TomlParseEventKind.StartTable)
                    root.Fill(parser, depth: 0);
            }

            return root;
        }
        catch (TomlException exception)
        {
            throw At(exception.Line ?? 1, "it is not valid TOML", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new FormatException("it is not valid TOML", exception);
        }
    }

    public static FormatException At(int line, string what, Exception? cause = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}"), cause);

    private void Fill(TomlParser parser, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException("it is nested too deeply");

        while (Next(parser) == TomlParseEventKind.PropertyName)
        {
            var key = parser.GetPropertyName();
            Next(parser);
            var value = new TomlValue(Read(parser, _values.GetValueOrDefault(key)?.Value, depth), parser.Current.Line);
            if (!_values.TryAdd(key, value))
                _values[key] = value;
            else
                _keys.Add(key);
        }
    }

    private static object? Read(TomlParser parser, object? before, int depth) => parser.Current.Kind switch
    {
        TomlParseEventKind.StartTable => ReadTable(parser, before as TomlTable ?? new(), depth),
        TomlParseEventKind.StartArray => ReadList(parser, depth),
        TomlParseEventKind.String => parser.GetString(),
        TomlParseEventKind.Boolean => parser.Current.GetBoolean(),
        _ => null,
    };

    private static TomlTable ReadTable(TomlParser parser, TomlTable table, int depth)
    {
        table.Fill(parser, depth + 1);
        return table;
    }

    private static List<TomlValue> ReadList(TomlParser parser, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException("it is nested too deeply");

        var list = new List<TomlValue>();
        while (Next(parser) != TomlParseEventKind.EndArray)
            list.Add(new(Read(parser, before: null, depth + 1), parser.Current.Line));

        return list;
    }

    private static TomlParseEventKind Next(TomlParser parser) =>
        parser.MoveNext() ? parser.Current.Kind : throw new FormatException("it ends too early");
}
