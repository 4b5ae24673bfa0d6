using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.CodeFixes.Cancellation;

/// <summary>Passes a token where one is missing.</summary>
internal static class TokenPassing
{
    private const string Sequences = "System.Threading.Tasks.TaskAsyncEnumerableExtensions";

    /// <summary>The places without a token in a method, or in a part of it.</summary>
    public static List<TokenGap> Gaps(SyntaxNode code, FixPlace place) =>
        place.Known is { } known && place.Model.GetOperation(code) is { } operation ? [.. TokenGap.In(operation, known)] : [];

    public static void Write(IEnumerable<TokenGap> gaps, string token, DocumentEdit edit)
    {
        foreach (var gap in gaps)
        {
            if (gap.IsSequence)
                Append(gap, token, edit);
            else if (gap.Operation.Syntax is InvocationExpressionSyntax invocation)
                Pass(invocation.ArgumentList, gap.Argument.Length == 0 ? token : $"{gap.Argument}: {token}", edit);
        }
    }

    private static void Pass(ArgumentListSyntax list, string argument, DocumentEdit edit)
    {
        if (list.Arguments.LastOrDefault() is { } last)
            edit.Insert(last.Span.End, $", {argument}");
        else
            edit.Insert(list.OpenParenToken.Span.End, argument);
    }

    private static void Append(TokenGap gap, string token, DocumentEdit edit)
    {
        var end = gap.Operation.Syntax.Span.End;
        if (edit.Place.Model.Compilation.GetTypeByMetadataName(Sequences) is { } extensions)
            _ = edit.NameOf(extensions, end); // Imports its namespace.

        edit.Insert(end, $".WithCancellation({token})");
    }
}
