using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>Writes tar archives as nobody should.</summary>
internal sealed class TarBuilder
{
    private const int Block = 512;

    private readonly MemoryStream _bytes = new();

    /// <summary>The magic number and version of the next headers: POSIX, or others.</summary>
    public string Magic { get; set; } = "ustar\000";

    public TarBuilder File(string path, string content = "content", int mode = 0x1A4, long time = 1_000_000_000, int user = 0) =>
        Add(path, '0', content: content, mode: mode, time: time, user: user);

    public TarBuilder Folder(string path, int mode = 0x1ED, long time = 1_100_000_000) => Add(path, '5', mode: mode, time: time);

    public TarBuilder Link(string path, string target) => Add(path, '2', target, mode: 0x1FF);

    public TarBuilder HardLink(string path, string target) => Add(path, '1', target);

    /// <summary>Adds an entry.</summary>
    /// <param name="change">Changes the header before its checksum is computed.</param>
    public TarBuilder Add(
        string path, char type, string target = "", string content = "", int mode = 0x1A4, long time = 1_000_000_000, int user = 0, int major = 0, int minor = 0, Action<byte[]>? change = null)
    {
        var header = new byte[Block];
        Put(header, 0, path);
        Put(header, 100, Octal(mode, 7));
        Put(header, 108, Octal(user, 7));
        Put(header, 116, Octal(0, 7));
        Put(header, 124, Octal(content.Length, 11));
        Put(header, 136, Octal(time, 11));
        header[156] = (byte)type;
        Put(header, 157, target);
        Put(header, 257, Magic);
        Put(header, 329, Octal(major, 7));
        Put(header, 337, Octal(minor, 7));
        change?.Invoke(header);
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, Octal(header.Sum(each => each), 6) + "\0");
        _bytes.Write(header);
        return Raw(content).Pad();
    }

    /// <summary>Adds records of the POSIX format for the next entry.</summary>
    public TarBuilder Records(params IReadOnlyList<(string Key, string Value)> records) => Add("records", 'x', content: string.Concat(records.Select(each => Record(each.Key, each.Value))));

    /// <summary>Adds bytes, one for each character.</summary>
    public TarBuilder Raw(string text)
    {
        _bytes.Write(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public TarBuilder Zeros(int blocks)
    {
        _bytes.Write(new byte[blocks * Block]);
        return this;
    }

    /// <summary>The archive, with an end mark unless it was left out.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    public static string Record(string key, string value)
    {
        var rest = $" {key}={value}\n";
        var length = rest.Length + 1;
        while (length != rest.Length + $"{length}".Length)
            length = rest.Length + $"{length}".Length;

        return $"{length}{rest}";
    }

    private TarBuilder Pad() => Raw(new string('\0', (int)(-_bytes.Length & (Block - 1))));

    public static void Put(byte[] header, int at, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, at);

    private static string Octal(long number, int digits) =>
        Convert.ToString(number, 8).PadLeft(digits, '0') is var text && text.Length <= digits ? text : throw new ArgumentException(number.ToString(CultureInfo.InvariantCulture));
}
