using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>The documents that may use changed members. Text decides: a name in it costs little to find.</summary>
internal static class Callers
{
    /// <summary>More documents than this are not compiled in the time that an editor has.</summary>
    private const int Most = 100;

    /// <summary>
    /// The documents, other than changed ones, that mention the members or derive from their classes; null if there are too many,
    /// or if a branch that the compiler does not see mentions one.
    /// </summary>
    public static async Task<IReadOnlyList<DocumentId>?> FindAsync(
        ChangedMembers members, Solution solution, ISet<DocumentId> changed, CancellationToken cancellationToken)
    {
        var names = members.Names;
        var types = members.Types;
        var found = new List<DocumentId>();
        if (names.Count == 0)
            return found;

        foreach (var document in changed.Select(each => each.ProjectId).Distinct().SelectMany(project => InReach(solution, project)).Distinct())
        {
            var text = (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString();
            var mentioned = Positions(text, names, types).ToList();
            if (mentioned.Count == 0 || await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false) is not { } root)
                continue;

            if (Directives.Hide(root, names))
                return null;

            if (!changed.Contains(document.Id) && mentioned.Exists(each => IsUse(root.FindToken(each, findInsideTrivia: true), names, types)))
                found.Add(document.Id);
        }

        return found.Count > Most ? null : found;
    }

    /// <summary>The documents of a project and of those that reference it.</summary>
    private static IEnumerable<Document> InReach(Solution solution, ProjectId project) => solution.GetProjectDependencyGraph()
        .GetProjectsThatTransitivelyDependOnThisProject(project)
        .Append(project)
        .SelectMany(each => solution.GetProject(each)!.Documents);

    private static IEnumerable<int> Positions(string text, HashSet<string> names, HashSet<string> types) =>
        names.Concat(types).Distinct().SelectMany(name => Words.Of(text, name));

    private static bool IsUse(SyntaxToken token, HashSet<string> names, HashSet<string> types)
    {
        if (!token.IsKind(SyntaxKind.IdentifierToken))
            return false;

        if (types.Contains(token.ValueText) && (token.Parent is TypeDeclarationSyntax || token.Parent?.FirstAncestorOrSelf<BaseTypeSyntax>() is not null))
            return true;

        return names.Contains(token.ValueText)
            && (token.Parent is SimpleNameSyntax || token.Parent is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.OverrideKeyword));
    }
}
