using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Safety;

/// <summary>The errors of the compiler in a document.</summary>
internal static class CompilerErrors
{
    /// <summary>Whether there are more errors of any kind after a fix than before it.</summary>
    public static bool AreAdded(DocumentChange change, CancellationToken cancellationToken)
    {
        var after = Count(change.After.Model, cancellationToken);
        if (after.Count == 0)
            return false;

        var before = Count(change.Before.Model, cancellationToken);
        return after.Any(each => !before.TryGetValue(each.Key, out var count) || count < each.Value);
    }

    private static Dictionary<string, int> Count(SemanticModel model, CancellationToken cancellationToken) => model
        .GetDiagnostics(cancellationToken: cancellationToken)
        .Where(each => each is { Severity: DiagnosticSeverity.Error, IsSuppressed: false })
        .GroupBy(each => each.Id)
        .ToDictionary(same => same.Key, same => same.Count());
}
