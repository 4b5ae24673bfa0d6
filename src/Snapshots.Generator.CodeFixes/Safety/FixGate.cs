using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>
/// Whether a fix may be offered: what compiled still compiles, in the changed documents and where changed members are used;
/// names mean the same; and all branches of preprocessor directives stay as they belong together.
/// </summary>
internal static class FixGate
{
    public static async Task<bool> AllowsAsync(Solution before, Solution after, CancellationToken cancellationToken)
    {
        var ids = after.GetChanges(before).GetProjectChanges().SelectMany(each => each.GetChangedDocuments()).ToList();
        var changes = await ChangesAsync(ids, before, after, cancellationToken).ConfigureAwait(false);
        if (changes.Count == 0 || changes.Exists(Directives.AreTouched))
            return false;

        var members = new ChangedMembers(changes, cancellationToken);
        if (!members.ImplementTheSame)
            return false;

        var callers = await Callers.FindAsync(members, before, new HashSet<DocumentId>(ids), cancellationToken).ConfigureAwait(false);
        if (callers is null)
            return false;

        var callerChanges = await ChangesAsync(callers, before, after, cancellationToken).ConfigureAwait(false);
        var breaks = changes.SelectMany(each => Breaks(each, members, cancellationToken))
            .Concat(callerChanges.Select(each => (Func<bool>)(() => BreaksCaller(each, members, cancellationToken))))
            .Select(each => Task.Run(each, cancellationToken));

        return (await Task.WhenAll(breaks).ConfigureAwait(false)).All(each => !each);
    }

    private static async Task<List<DocumentChange>> ChangesAsync(
        IEnumerable<DocumentId> documents, Solution before, Solution after, CancellationToken cancellationToken)
    {
        var changes = new List<DocumentChange>();
        foreach (var id in documents)
        {
            if (before.GetDocument(id) is { } old && after.GetDocument(id) is { } @new
                && await DocumentChange.OfAsync(old, @new, cancellationToken).ConfigureAwait(false) is { } change)
            {
                changes.Add(change);
            }
        }

        return changes;
    }

    /// <summary>The ways in which a fix can break a document that it changes. Each takes a while, and none needs another one.</summary>
    private static IEnumerable<Func<bool>> Breaks(DocumentChange change, ChangedMembers members, CancellationToken cancellationToken)
    {
        var meanings = new Meanings(change, members, cancellationToken);
        var names = Names(change).ToList();
        yield return () => CompilerErrors.AreAdded(change, cancellationToken);
        yield return () => meanings.Differ(names);
        yield return () => names.Exists(meanings.IsCallThatGetsAnother);
        yield return () => AwaitedReferences.AreIn(change, cancellationToken);
    }

    /// <summary>A caller is compiled after the fix only if a name in it may be one of the changed members, or if it declares a derived type.</summary>
    private static bool BreaksCaller(DocumentChange change, ChangedMembers members, CancellationToken cancellationToken)
    {
        var meanings = new Meanings(change, members, cancellationToken);
        var used = members.Names;
        var names = Names(change).Where(each => used.Contains(each.Identifier.ValueText) && meanings.MayBeOfChanged(each)).ToList();

        return meanings.Differ(names)
            || names.Exists(meanings.IsCallThatGetsAnother)
            || ((names.Count > 0 || Derives(change, members.Types)) && CompilerErrors.AreAdded(change, cancellationToken));
    }

    private static bool Derives(DocumentChange change, HashSet<string> types) => change.Before.Root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<BaseTypeDeclarationSyntax>()
        .Any(each => types.Contains(each.Identifier.ValueText) || (each.BaseList?.Types.Any(type => Words.Contain(type.ToString(), types)) ?? false));

    private static IEnumerable<SimpleNameSyntax> Names(DocumentChange change) =>
        change.Before.Root.DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>();
}
