using System;
using System.Text;

namespace Containerd.Snapshots.Generator.Emit;

/// <summary>Writes lines of code with indentation. Lines end in <c>\n</c> on every machine.</summary>
internal sealed class CodeWriter
{
    private const string Indentation = "    ";

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line, or several, at the current depth.</summary>
    public void WriteLine(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            if (line.Length > 0)
            {
                for (var depth = 0; depth < _depth; depth++)
                    _text.Append(Indentation);
            }

            _text.Append(line).Append('\n');
        }
    }

    /// <summary>Writes an empty line.</summary>
    public void WriteLine() => _text.Append('\n');

    /// <summary>Writes a line and opens a block, which is closed when the result is disposed.</summary>
    public Block WriteBlock(string header)
    {
        WriteLine(header);
        WriteLine("{");
        _depth++;
        return new(this);
    }

    public override string ToString() => _text.ToString();

    /// <summary>An open block.</summary>
    internal readonly struct Block(CodeWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.WriteLine("}");
        }
    }
}
