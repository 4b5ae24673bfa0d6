using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// Marks the overloads that take a class which the generator could not make a snapshotter of, so that the author sees
/// the one error that says why, and not one more at each place where he hosts it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct NotASnapshotter
{
    internal static InvalidOperationException Hosted<T>() =>
        new($"{typeof(T)} is not a snapshotter: mark the class [Snapshotter], and make it partial.");
}
