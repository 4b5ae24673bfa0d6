using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The text to delete from a parameter list, including commas.</summary>
internal static class ParameterRemoval
{
    public static IEnumerable<TextSpan> Of(ParameterListSyntax list, ICollection<ParameterSyntax> removed)
    {
        var parameters = list.Parameters;
        var last = parameters.LastOrDefault(each => !removed.Contains(each));
        if (last is null)
            return [TextSpan.FromBounds(list.OpenParenToken.Span.End, list.CloseParenToken.SpanStart)];

        var lastKept = parameters.IndexOf(last);
        var spans = parameters.Take(lastKept)
            .Select((each, index) => (each, Next: parameters[index + 1]))
            .Where(pair => removed.Contains(pair.each))
            .Select(pair => TextSpan.FromBounds(pair.each.SpanStart, pair.Next.SpanStart));

        return lastKept == parameters.Count - 1
            ? spans
            : spans.Append(TextSpan.FromBounds(last.Span.End, parameters.Last().Span.End));
    }
}
