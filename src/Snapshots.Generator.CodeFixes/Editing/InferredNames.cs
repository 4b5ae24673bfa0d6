using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>The names that members of tuples and anonymous types take from a variable.</summary>
internal static class InferredNames
{
    /// <summary>Writes them, so that the variable can have another name.</summary>
    public static void Write(ISymbol variable, DocumentEdit edit, CancellationToken cancellationToken)
    {
        var uses = edit.Place.Root.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(each => each.Identifier.ValueText == variable.Name)
            .Where(each => SymbolEqualityComparer.Default.Equals(edit.Place.Model.GetSymbolInfo(each, cancellationToken).Symbol, variable));

        foreach (var use in uses)
        {
            if (use.Parent is AnonymousObjectMemberDeclaratorSyntax { NameEquals: null })
                edit.Insert(use.SpanStart, $"{use.Identifier.Text} = ");
            else if (use.Parent is ArgumentSyntax { NameColon: null, Parent: TupleExpressionSyntax })
                edit.Insert(use.SpanStart, $"{use.Identifier.Text}: ");
        }
    }
}
