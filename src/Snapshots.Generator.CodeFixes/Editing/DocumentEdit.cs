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
internal sealed class DocumentEdit(FixPlace place)
{
    private readonly HashSet<TextChange> _changes = [];
    private readonly HashSet<ParameterSyntax> _removed = [];
    private readonly HashSet<string> _usings = [];

    public FixPlace Place { get; } = place;

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
        var (name, usings) = TypeNames.Of(type, Place.Model, position);
        _usings.UnionWith(usings);
        return name;
    }

    public async Task<Document> ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (var list in _removed.GroupBy(each => (ParameterListSyntax)each.Parent!))
        {
            foreach (var span in ParameterRemoval.Of(list.Key, list.ToList()))
                Remove(span);
        }

        if (_usings.Count > 0 && UsingDirectives.Adding(Place.Root, _usings) is { } added)
            _changes.Add(added);

        var text = await Place.Document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return Place.Document.WithText(text.WithChanges(_changes.OrderBy(each => each.Span.Start).ThenBy(each => each.Span.End)));
    }
}
