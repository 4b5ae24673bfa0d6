using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A well-formed call: the method that answers it, its arguments, and how its return value becomes the answer.</summary>
internal sealed record CallShape(SnapshotterCall Call, IMethodSymbol Method, ImmutableArray<CallParameter> Arguments, Reply Reply);

/// <summary>How the return value of a method becomes the answer.</summary>
internal enum Reply
{
    /// <summary>The method returns nothing: it is called, then the call succeeds.</summary>
    AfterReturn,

    /// <summary>The value is the answer.</summary>
    Value,

    /// <summary>The value is the answer; null means that the snapshot does not exist.</summary>
    ValueOrNotFound,

    /// <summary>The values that match the request's filter are the answer.</summary>
    MatchingValues,
}
