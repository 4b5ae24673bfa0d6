using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>A text in quotes, with the escapes of a Go string.</summary>
/// <param name="text">What starts with the opening quote.</param>
internal ref struct QuotedText(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>What is wrong, after <see cref="TryRead"/> has failed.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Reads up to the closing quote.</summary>
    /// <param name="value">The text; null if its escapes make bytes that are not UTF-8.</param>
    /// <param name="length">How long it is with its quotes or, on a failure, where that is.</param>
    public bool TryRead(out string? value, out int length)
    {
        value = null;
        length = StopAt(1);
        if (length < _text.Length && _text[length] == _text[0])
        {
            value = _text[1..length++].ToString();
            return true;
        }

        // Escapes can stand for single bytes, so the text is put together as bytes.
        var bytes = new ArrayBufferWriter<byte>();
        var start = 1;
        while (length < _text.Length && _text[length] == '\\')
        {
            Encoding.UTF8.GetBytes(_text[start..length], bytes);
            if (!StringEscape.TryRead(_text[length..], _text[0], bytes, out var escaped))
                return Fail("this is no escape of a Go string");

            start = length + escaped;
            length = StopAt(start);
        }

        if (length == _text.Length || _text[length] != _text[0])
            return Fail($"expected a closing {_text[0]} in this line");

        Encoding.UTF8.GetBytes(_text[start..length++], bytes);
        value = Utf8.IsValid(bytes.WrittenSpan) ? Encoding.UTF8.GetString(bytes.WrittenSpan) : null;
        return true;
    }

    private readonly int StopAt(int start) =>
        _text[start..].IndexOfAny(_text[0], '\\', '\n') is var step and >= 0 ? start + step : _text.Length;

    private bool Fail(string reason)
    {
        Reason = reason;
        return false;
    }
}
