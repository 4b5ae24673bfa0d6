using System;
using System.Threading;
using System.Threading.Tasks;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Something that can be done about a diagnostic.</summary>
/// <param name="Kind">What it has in common with what is done about others, when all are fixed at once.</param>
/// <param name="Title">What the author reads.</param>
/// <param name="ApplyAsync">Does it.</param>
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
}
