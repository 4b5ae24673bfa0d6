namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>How a selector looks at its field.</summary>
internal enum SelectorOperator
{
    /// <summary>No operator: is it there?</summary>
    Present,

    /// <summary><c>==</c>, also in length and case.</summary>
    Equal,

    /// <summary><c>!=</c>. A field that is not there differs from all but the empty value.</summary>
    NotEqual,

    /// <summary><c>~=</c>. In a field that is not there, the empty text is searched.</summary>
    Matches,
}
