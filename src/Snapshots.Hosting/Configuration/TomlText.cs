using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>Writes names and texts as TOML has them.</summary>
internal static class TomlText
{
    /// <summary>A key: bare where that can be.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? key : String(key);

    /// <summary>A basic string, in one line.</summary>
    public static string String(string text)
    {
        var toml = new StringBuilder("\"");
        foreach (var character in text)
            toml.Append(Escape(character));

        return toml.Append('"').ToString();
    }

    /// <summary>An array in one line.</summary>
    public static string Array(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(String))}]";

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
        _ => character.ToString(),
    };
}
