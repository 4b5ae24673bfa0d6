using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>A well-formed call: the method that answers it, its arguments, and how its return value becomes the answer.</summary>
internal sealed record CallShape(SnapshotterCall Call, IMethodSymbol Method, ImmutableArray<CallParameter> Arguments, Reply Reply)
{
    /// <summary>Whether the method can know which snapshot is meant.</summary>
    public bool TakesKey => Call.Keys.All(Arguments.Contains);
}

/// <summary>How the return value of a method becomes the answer.</summary>
/// <param name="Form">What it is.</param>
/// <param name="NullIsNotFound">Whether null means that the snapshot does not exist.</param>
/// <param name="OnlyMatching">Whether infos that do not match the request's filter are left out.</param>
internal readonly record struct Reply(ReplyForm Form, bool NullIsNotFound = false, bool OnlyMatching = false);

/// <summary>What a method returns, whatever task or result it is in.</summary>
internal enum ReplyForm
{
    /// <summary>Nothing: the method is called, then the call succeeds.</summary>
    AfterReturn,

    /// <summary>The payload.</summary>
    Payload,

    /// <summary>One mount in place of a sequence.</summary>
    OneMount,

    /// <summary>Infos that come asynchronously.</summary>
    AsyncInfos,
}
