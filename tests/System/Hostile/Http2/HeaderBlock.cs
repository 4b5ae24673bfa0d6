using System.Buffers;
using System.Text;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>Writes headers in HPACK's simplest form (RFC 7541, section 6.2.2): literal, not indexed, not Huffman-coded.</summary>
internal sealed class HeaderBlock
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Adds a header. Each character becomes one byte (Latin-1).</summary>
    public HeaderBlock Add(string name, string value)
    {
        Byte(0);
        Text(name);
        Text(value);
        return this;
    }

    private void Text(string text)
    {
        Length(text.Length);
        Encoding.Latin1.GetBytes(text, _buffer);
    }

    // Section 5.1, with a prefix of seven bits.
    private void Length(int length)
    {
        if (length < 127)
        {
            Byte(length);
            return;
        }

        Byte(127);
        for (length -= 127; length >= 128; length >>= 7)
            Byte(length | 128);
        Byte(length);
    }

    private void Byte(int value) => _buffer.Write<byte>([(byte)value]);
}
