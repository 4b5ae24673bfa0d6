using System;

namespace Containerd.Snapshots.Generator.CodeFixes.Editing;

/// <summary>Something that can be done about a diagnostic.</summary>
/// <param name="Kind">What it has in common with what is done about others, when all are fixed at once.</param>
/// <param name="Title">What the author reads.</param>
/// <param name="Apply">Does it.</param>
internal sealed record Offer(string Kind, string Title, Action<DocumentEdit> Apply);
