using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A well-formed call: the method that answers it, what is passed to it, and how its answer is taken.</summary>
internal sealed record CallShape(SnapshotterCall Call, IMethodSymbol Method, ImmutableArray<CallParameter> Arguments, Reply Reply);

/// <summary>How the answer of a method is taken.</summary>
internal enum Reply
{
    /// <summary>The method returns nothing: it is called first, then success is answered.</summary>
    AfterReturn,

    /// <summary>As it is.</summary>
    Value,

    /// <summary>As it is; null means that there is no such snapshot.</summary>
    ValueOrNotFound,

    /// <summary>As it is, less what the request's filter leaves out.</summary>
    MatchingValues,
}
