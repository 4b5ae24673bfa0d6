using System;
using System.Threading;
using System.Threading.Tasks;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>A fix that is offered for a diagnostic.</summary>
/// <param name="Kind">Identifies the same fix for other diagnostics, when all are fixed at once.</param>
/// <param name="Title">The title that the editor shows.</param>
/// <param name="ApplyAsync">Applies the fix.</param>
internal sealed record Offer(string Kind, string Title, Func<DocumentEdit, CancellationToken, Task> ApplyAsync)
{
    public Offer(string kind, string title, Action<DocumentEdit> apply)
        : this(kind, title, (edit, _) =>
        {
            apply(edit);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Which of several fixes that exclude each other is made when all are made at once: the one with the lowest number.</summary>
    public int Order { get; init; }
}
