using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>A document before and after a fix. One that the fix does not change has no changes.</summary>
internal sealed class DocumentChange
{
    private readonly List<TextChange> _changes;

    private DocumentChange(DocumentVersion before, DocumentVersion after, IEnumerable<TextChange> changes)
    {
        Before = before;
        After = after;
        _changes = [.. changes.OrderBy(each => each.Span.Start)];
    }

    public static async Task<DocumentChange?> OfAsync(Document before, Document after, CancellationToken cancellationToken)
    {
        var changes = await after.GetTextChangesAsync(before, cancellationToken).ConfigureAwait(false);
        return await DocumentVersion.OfAsync(before, cancellationToken).ConfigureAwait(false) is { } old
            && await DocumentVersion.OfAsync(after, cancellationToken).ConfigureAwait(false) is { } @new
            ? new(old, @new, changes)
            : null;
    }

    public DocumentVersion Before { get; }

    public DocumentVersion After { get; }

    /// <summary>The changed places in the document before the fix.</summary>
    public IEnumerable<TextSpan> Spans => _changes.Select(each => each.Span);

    /// <summary>The changed places in the document after the fix.</summary>
    public IEnumerable<TextSpan> NewSpans
    {
        get
        {
            var shift = 0;
            foreach (var change in _changes)
            {
                yield return new(change.Span.Start + shift, change.NewText!.Length);
                shift += change.NewText.Length - change.Span.Length;
            }
        }
    }

    /// <summary>Whether the fix writes in a place, or at one of its ends.</summary>
    public bool Touches(TextSpan span) => _changes.Any(each => each.Span.IntersectsWith(span));

    /// <summary>Whether the fix writes inside a place.</summary>
    public bool Replaces(TextSpan span) => _changes.Any(each => each.Span.OverlapsWith(span) || (each.Span.Start > span.Start && each.Span.Start < span.End));

    /// <summary>Where a position is after the fix; null if its text is gone.</summary>
    public int? Map(int position)
    {
        var shift = 0;
        foreach (var change in _changes)
        {
            if (change.Span.Start > position)
                break;

            if (change.Span.Start == position && change.Span.Length > 0)
                return position + shift;

            if (change.Span.End > position)
                return null;

            shift += change.NewText!.Length - change.Span.Length;
        }

        return position + shift;
    }
}

/// <summary>A document at one time.</summary>
internal sealed record DocumentVersion(SyntaxNode Root, SemanticModel Model)
{
    public static async Task<DocumentVersion?> OfAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root is null || model is null ? null : new(root, model);
    }
}
