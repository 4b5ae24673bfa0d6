using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Offers changes of sound code that break nothing.</summary>
public abstract class RefactoringProvider : CodeRefactoringProvider
{
    /// <summary>The title of the menu that holds the offers; null if they are in the editor's own.</summary>
    private protected virtual string? GroupTitle => null;

    /// <inheritdoc/>
    public sealed override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } place)
            return;

        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        foreach (var offer in Offers(place, context.Span, context.CancellationToken))
        {
            if (await Fixing.ActionAsync(place, offer, context.CancellationToken).ConfigureAwait(false) is { } action)
                actions.Add(action);
        }

        if (GroupTitle is { } title && actions.Count > 0)
            context.RegisterRefactoring(CodeAction.Create(title, actions.ToImmutable(), isInlinable: false));
        else
        {
            foreach (var action in actions)
                context.RegisterRefactoring(action);
        }
    }

    /// <summary>The changes for a selection.</summary>
    private protected abstract IEnumerable<Offer> Offers(FixPlace place, TextSpan span, CancellationToken cancellationToken);
}
