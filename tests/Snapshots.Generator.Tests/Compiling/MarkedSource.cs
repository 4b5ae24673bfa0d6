using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>A source with places marked <c>[|so|]</c>, where diagnostics are expected.</summary>
internal sealed record MarkedSource(string Text, IReadOnlyList<TextSpan> Spans)
{
    private const string Open = "[|", Close = "|]";

    public static MarkedSource Parse(string marked)
    {
        var text = new StringBuilder();
        var spans = new List<TextSpan>();
        var rest = marked.AsSpan();

        for (var open = rest.IndexOf(Open); open >= 0; open = rest.IndexOf(Open))
        {
            var close = rest.IndexOf(Close);
            text.Append(rest[..open]);
            spans.Add(new(text.Length, close - open - Open.Length));
            text.Append(rest[(open + Open.Length)..close]);
            rest = rest[(close + Close.Length)..];
        }

        return new(text.Append(rest).ToString(), spans);
    }
}
