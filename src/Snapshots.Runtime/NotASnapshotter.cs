using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// Marks the overloads that accept a class which is not a valid snapshotter. With them the compiler reports only the
/// error that names the cause, and no further error at each place that hosts the class.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct NotASnapshotter
{
    internal static InvalidOperationException Hosted<T>() =>
        new($"{typeof(T)} is not a snapshotter: mark the class [Snapshotter], and make it partial. C# only: the generator does not read F# or Visual Basic.");
}
