using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Safety;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Fixes, made where they break nothing.</summary>
internal static class Fixing
{
    /// <summary>The action of the editor for a fix; null if the fix breaks something.</summary>
    public static async Task<CodeAction?> ActionAsync(FixPlace place, Offer offer, CancellationToken cancellationToken) =>
        await TryAsync(place.Document.Project.Solution, [(place, offer)], cancellationToken).ConfigureAwait(false) is { } changed
            ? CodeAction.Create(offer.Title, _ => Task.FromResult(changed), offer.Kind)
            : null;

    /// <summary>Makes fixes together; null if that breaks something.</summary>
    private static async Task<Solution?> TryAsync(Solution solution, IEnumerable<(FixPlace Place, Offer Offer)> fixes, CancellationToken cancellationToken)
    {
        var edit = new SolutionEdit(solution);
        foreach (var (place, offer) in fixes)
            await offer.ApplyAsync(edit.In(place), cancellationToken).ConfigureAwait(false);

        return await edit.ApplyAsync(cancellationToken).ConfigureAwait(false) is { } changed
            && await FixGate.AllowsAsync(solution, changed, cancellationToken).ConfigureAwait(false)
            ? changed
            : null;
    }

    /// <summary>Makes as many fixes as break nothing together, the first ones first.</summary>
    public static async Task<Solution> MakeAsync(Solution solution, IEnumerable<(FixPlace Place, Offer Offer)> fixes, CancellationToken cancellationToken)
    {
        var all = fixes.OrderBy(each => each.Offer.Order).ToList();
        if (await TryAsync(solution, all, cancellationToken).ConfigureAwait(false) is { } whole)
            return whole;

        var kept = new List<(FixPlace Place, Offer Offer)>();
        var changed = solution;
        foreach (var each in all)
        {
            if (await TryAsync(solution, [.. kept, each], cancellationToken).ConfigureAwait(false) is not { } next)
                continue;

            kept.Add(each);
            changed = next;
        }

        return changed;
    }
}
