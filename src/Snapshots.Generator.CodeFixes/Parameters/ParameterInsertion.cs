using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Parameters;

/// <summary>Inserts a parameter, on a line of its own where the others are.</summary>
internal static class ParameterInsertion
{
    /// <summary>Inserts it after another parameter, or as the first one.</summary>
    public static void After(ParameterSyntax? previous, ParameterListSyntax list, string parameter, DocumentEdit edit)
    {
        if (previous is null)
        {
            var separator = list.Parameters.Count > 0 ? ", " : "";
            edit.Insert(list.OpenParenToken.Span.End, parameter + separator);
            return;
        }

        var separation = Indentation.IsBefore(previous) ? NewLine.Of(edit.Place.Root) + Indentation.Of(previous) : " ";
        edit.Insert(previous.Span.End, $",{separation}{parameter}");
    }
}
