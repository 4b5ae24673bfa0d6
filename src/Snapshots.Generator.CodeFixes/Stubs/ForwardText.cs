using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>The text of a method that forwards a call to the fallback.</summary>
internal static class ForwardText
{
    /// <summary>The lines of the method, without indentation; a tab stands for one more level.</summary>
    public static string[] Of(IMethodSymbol method, ISymbol member, DocumentEdit edit, int position)
    {
        var parameters = method.Parameters.Select(each => $"{edit.NameOf(each.Type, position)} {Escape(each.Name)}");
        var arguments = method.Parameters.Select(each => Escape(each.Name));
        var returned = method.ReturnsVoid ? "void" : edit.NameOf(method.ReturnType, position);
        return
        [
            $"public {returned} {method.Name}({string.Join(", ", parameters)}) =>",
            $"\t{Escape(member.Name)}{(CanBeNull(member) ? "!" : "")}.{method.Name}({string.Join(", ", arguments)});",
        ];
    }

    private static bool CanBeNull(ISymbol member) =>
        (member is IPropertySymbol property ? property.NullableAnnotation : ((IFieldSymbol)member).NullableAnnotation) == NullableAnnotation.Annotated;

    private static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
