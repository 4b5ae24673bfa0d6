using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>
/// Finds the two headers with a call's result. The server is told to keep no dynamic table, so that all headers are
/// literal or from HPACK's static table (RFC 7541, appendix A). .NET's encoder never uses the Huffman code.
/// </summary>
internal ref struct HeaderReader(ReadOnlySpan<byte> block)
{
    private const int StatusName = 8, FirstDynamic = 62;

    // The static table's entries 8 to 14.
    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];

    private ReadOnlySpan<byte> _rest = block;

    /// <summary>The values of <c>:status</c> and <c>grpc-status</c>, null if missing.</summary>
    public static (int? Http, int? Grpc) Read(ReadOnlySpan<byte> block)
    {
        var reader = new HeaderReader(block);
        var (http, grpc) = (default(int?), default(int?));
        while (!reader._rest.IsEmpty)
        {
            var (name, value) = reader.Next();
            if (name == ":status")
                http = int.Parse(value, CultureInfo.InvariantCulture);
            else if (name == "grpc-status")
                grpc = int.Parse(value, CultureInfo.InvariantCulture);
        }

        return (http, grpc);
    }

    private (string Name, string Value) Next()
    {
        var first = _rest[0];
        if (first >= 0x80)
            return Indexed(Number(7));
        if ((first & 0xE0) == 0x20)
            return ("", $"{Number(5)}"); // The table's size.

        var index = Number((first & 0xC0) == 0x40 ? 6 : 4);
        var name = index == 0 ? Text() : index == StatusName ? ":status" : $"static {index}";
        return (name, Text());
    }

    private static (string Name, string Value) Indexed(int index)
    {
        if (index >= FirstDynamic)
            throw new InvalidDataException($"The server uses the entry {index} of a table that it was told not to keep.");

        return index - StatusName is >= 0 and var status && status < Statuses.Length
            ? (":status", $"{Statuses[status]}")
            : ($"static {index}", "");
    }

    private string Text()
    {
        var isHuffman = _rest[0] >= 0x80;
        var length = Number(7);
        var text = isHuffman ? "" : Encoding.Latin1.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    private int Number(int prefix)
    {
        var mask = (1 << prefix) - 1;
        var number = _rest[0] & mask;
        _rest = _rest[1..];
        if (number < mask)
            return number;

        for (var shift = 0; ; shift += 7)
        {
            var next = _rest[0];
            _rest = _rest[1..];
            number += (next & 127) << shift;
            if (next < 128)
                return number;
        }
    }
}
