using System.Globalization;
using SharpYaml;
using SharpYaml.Events;

namespace Containerd.Snapshots.Remote.Credentials;

/// <summary>Reads YAML, and so JSON, into texts, lists and dictionaries. References within the document are refused.</summary>
internal sealed class YamlDocument
{
    private const int MaxDepth = 32;

    private readonly IParser _parser;

    private YamlDocument(IParser parser) => _parser = parser;

    /// <summary>Reads the first document of a text.</summary>
    /// <returns>A string, a list, a dictionary, or null for an empty text.</returns>
    /// <exception cref="FormatException">The text is malformed. The message has the line, and nothing of the text.</exception>
    public static object? Parse(string text)
    {
        var document = new YamlDocument(Parser.CreateParser(new StringReader(text), MaxDepth));
        try
        {
            while (document.Next() is { } next)
            {
                if (next is NodeEvent node)
                    return document.Read(node);
            }

            return null;
        }
        catch (YamlException exception)
        {
            throw At(exception.Start, "it is not valid YAML", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            throw new FormatException("it is not valid YAML", exception);
        }
    }

    private object Read(ParsingEvent? node) => node switch
    {
        Scalar scalar => scalar.Value,
        SequenceStart => ReadList(),
        MappingStart => ReadMap(),
        AnchorAlias => throw At(node.Start, "references are not supported"),
        _ => throw new FormatException("it ends too early"),
    };

    private List<object> ReadList()
    {
        var list = new List<object>();
        while (Next() is var item and not SequenceEnd)
            list.Add(Read(item));

        return list;
    }

    private Dictionary<string, object> ReadMap()
    {
        var map = new Dictionary<string, object>(StringComparer.Ordinal);
        while (Next() is var key and not MappingEnd)
            map[Read(key) as string ?? throw At(key!.Start, "a key is not a text")] = Read(Next());

        return map;
    }

    private ParsingEvent? Next() => _parser.MoveNext() ? _parser.Current : null;

    private static FormatException At(Mark mark, string what, Exception? cause = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"line {mark.Line + 1}: {what}"), cause);
}
