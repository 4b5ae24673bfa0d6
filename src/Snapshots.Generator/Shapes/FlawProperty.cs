using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Information that a flaw gives to fixes, so that they need not decide again.</summary>
internal static class FlawProperty
{
    /// <summary>The name of the call.</summary>
    public const string Call = nameof(Call);

    /// <summary>The name to write.</summary>
    public const string Name = nameof(Name);

    /// <summary>The names of the missing calls, separated by commas.</summary>
    public const string Missing = nameof(Missing);

    public static ImmutableDictionary<string, string?> OfMissing(CallSet calls) => OfMissing(CallTable.Calls.Where(call => !calls.Has(call)));

    public static ImmutableDictionary<string, string?> OfMissing(IEnumerable<SnapshotterCall> calls) =>
        Empty.Add(Missing, string.Join(",", calls.Select(call => call.Name)));

    public static ImmutableDictionary<string, string?> OfCall(SnapshotterCall call) => Empty.Add(Call, call.Name);

    public static ImmutableDictionary<string, string?> OfName(string name) => Empty.Add(Name, name);

    public static ImmutableDictionary<string, string?> OfParameter(SnapshotterCall call, CallParameter? parameter) =>
        parameter is null || !call.Parameters.Contains(parameter) ? Empty : OfCall(call).Add(Name, parameter.Name);

    private static ImmutableDictionary<string, string?> Empty => ImmutableDictionary<string, string?>.Empty;
}
