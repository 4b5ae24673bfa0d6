namespace Containerd.Snapshots.Storage;

/// <summary>The content that exists, and other names beside it.</summary>
/// <param name="Numbers">The numbers of the snapshots that have content, also of half-made content, in no order.</param>
/// <param name="ForeignNames">
/// Names that are not a snapshot's; they are logged and stay. Bytes that are not printable are written as <c>\xNN</c>.
/// </param>
public sealed record ContentListing(IReadOnlyCollection<long> Numbers, IReadOnlyCollection<string> ForeignNames)
{
    /// <summary>Only numbers.</summary>
    /// <param name="numbers">The numbers of the snapshots that have content.</param>
    public ContentListing(IReadOnlyCollection<long> numbers)
        : this(numbers, [])
    {
    }
}
