using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>
/// Changes to the text of a document. All other text keeps the author's formatting, and a change that several fixes
/// request is made once.
/// </summary>
internal sealed class DocumentEdit(FixPlace place, SolutionEdit all)
{
    private readonly HashSet<TextChange> _changes = [];
    private readonly HashSet<ParameterSyntax> _removed = [];
    private readonly HashSet<string> _usings = [];

    public FixPlace Place { get; } = place;

    /// <summary>The changes to this and other documents.</summary>
    public SolutionEdit All { get; } = all;

    public void Insert(int position, string text) => Replace(new(position, 0), text);

    public void Remove(TextSpan span) => Replace(span, "");

    public void Replace(TextSpan span, string text) => _changes.Add(new(span, text));

    /// <summary>Adds a modifier as the last one.</summary>
    public void AddLastModifier(TypeDeclarationSyntax type, SyntaxKind modifier)
    {
        if (!type.Modifiers.Any(modifier))
            Insert(type.Keyword.SpanStart, SyntaxFacts.GetText(modifier) + " ");
    }

    /// <summary>Changes the return type of a method in all its parts.</summary>
    public void Retype(IEnumerable<MethodDeclarationSyntax> parts, ITypeSymbol type)
    {
        foreach (var part in parts)
            Replace(part.ReturnType.Span, NameOf(type, part.ReturnType.SpanStart));
    }

    /// <summary>Removes a word and the space after it.</summary>
    public void RemoveWord(SyntaxToken word) => Remove(TextSpan.FromBounds(word.SpanStart, word.GetNextToken().SpanStart));

    /// <summary>Removes a parameter and its documentation.</summary>
    public void RemoveParameter(ParameterSyntax parameter)
    {
        _removed.Add(parameter);
        foreach (var documentation in MethodNames.DocumentationOf(parameter))
            Remove(documentation);
    }

    /// <summary>The name of a type at a position; the edit imports its namespace if needed.</summary>
    public string NameOf(ITypeSymbol type, int position)
    {
        var names = new TypeNames(Place.Model, position);
        var name = names.Of(type);
        _usings.UnionWith(names.Usings);
        return name;
    }

    /// <summary>The text with the changes; null if two of them are in one place.</summary>
    public async Task<SourceText?> TextAsync(CancellationToken cancellationToken)
    {
        foreach (var list in _removed.GroupBy(each => (ParameterListSyntax)each.Parent!))
        {
            foreach (var span in ParameterRemoval.Of(list.Key, list.ToList()))
                Remove(span);
        }

        var text = await Place.Document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        var changes = UsingDirectives.Adding(Place.Root, _usings).Concat(_changes).OrderBy(each => each.Span.Start).ThenBy(each => each.Span.End).ToList();
        return changes.Zip(changes.Skip(1), (each, next) => each.Span.End <= next.Span.Start).All(isApart => isApart) ? text.WithChanges(changes) : null;
    }
}
