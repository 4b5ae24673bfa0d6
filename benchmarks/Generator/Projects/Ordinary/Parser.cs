using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Company.Product.Import_N;

/// <summary>Reads rows of comma-separated values.</summary>
public partial class RowParser_N : IDisposable
{
    private readonly TextReader _reader;
    private char[]? _buffer = ArrayPool<char>.Shared.Rent(4096);
    private int _line;

    public RowParser_N(TextReader reader) => _reader = reader;

    public event EventHandler<int>? LineRead;

    public int Line => _line;

    public IEnumerable<IReadOnlyList<string>> ReadAll()
    {
        while (_reader.ReadLine() is { } line)
        {
            _line++;
            LineRead?.Invoke(this, _line);
            if (line.Length > 0 && line[0] != '#')
                yield return Split(line);
        }
    }

    public bool TryReadNumber(string field, [NotNullWhen(true)] out decimal? number)
    {
        var isNumber = decimal.TryParse(field.Trim(), NumberStyles.Number, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        return isNumber;
    }

    public int Checksum(IEnumerable<string> fields)
    {
        var sum = 17;
        foreach (var field in fields)
        {
            for (var i = 0; i < field.Length; i++)
                sum = unchecked((sum * 31) + field[i]);
        }

        return sum;
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;

        foreach (var letter in line)
        {
            switch (letter)
            {
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                default:
                    field.Append(letter);
                    break;
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<char>.Shared.Return(buffer);

        GC.SuppressFinalize(this);
    }
}
