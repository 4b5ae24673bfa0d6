using System.ComponentModel;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>Answers calls with a snapshotter that is a part of another one. For emitted code.</summary>
/// <typeparam name="T">The part's type.</typeparam>
/// <param name="member">The name of the member that has the part.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FallbackService<T>(string member)
    where T : class, ISnapshotter<T>
{
    // Of the part that was there last: a property may return another one.
    private Made? _made;

    /// <summary>Returns the service of a part.</summary>
    /// <param name="part">The member's value.</param>
    /// <exception cref="SnapshotterException">Internal: it is null.</exception>
    public SnapshotterService Of(T? part)
    {
        var made = Volatile.Read(ref _made);
        if (made is not null && ReferenceEquals(made.Part, part))
            return made.Service;

        made = new(SnapshotCall.NotNull(part, member));
        Volatile.Write(ref _made, made);
        return made.Service;
    }

    /// <summary>Returns the names of the calls that are answered.</summary>
    /// <param name="own">The names of the calls that the snapshotter has itself.</param>
    /// <param name="part">The member's value.</param>
    public string Calls(string own, T? part)
    {
        if (part is null)
            return own;

        const string Separator = ", ";
        return string.Join(Separator, own.Split(Separator, StringSplitOptions.RemoveEmptyEntries).Union(Of(part).Calls.Split(Separator)));
    }

    private sealed class Made(T part)
    {
        public T Part => part;

        public SnapshotterService Service { get; } = T.CreateService(part);
    }
}
