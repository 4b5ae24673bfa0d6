using System;
using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Finds properties, fields and events that have a call's name, where a method of it is needed.</summary>
internal static class NamesakeFinder
{
    /// <summary>Public members that have what the call is answered with.</summary>
    public static IEnumerable<(SnapshotterCall Call, Flaw Flaw)> FindAnswers(INamedTypeSymbol type, CallSet meant, KnownTypes known) =>
        Find(type, CallTable.Calls.Where(call => !meant.Has(call)), (member, call) =>
            member.DeclaredAccessibility == Accessibility.Public && TypeOf(member) is { } held && ReturnForm.Fits(held, call.Payload, known));

    /// <summary>Members that leave no room for the method of a missing call.</summary>
    public static IEnumerable<(SnapshotterCall Call, Flaw Flaw)> FindObstacles(INamedTypeSymbol type, IEnumerable<SnapshotterCall> missing) =>
        Find(type, missing, (_, _) => true);

    private static IEnumerable<(SnapshotterCall Call, Flaw Flaw)> Find(
        INamedTypeSymbol type, IEnumerable<SnapshotterCall> calls, Func<ISymbol, SnapshotterCall, bool> isMeant)
    {
        foreach (var call in calls)
        {
            var member = type.GetMembers().FirstOrDefault(each => call.IsNameOf(each.Name) && Kind(each) is not null && isMeant(each, call));
            if (member is not null)
                yield return (call, new(Rule.NotAMethod, member.Locations[0], member.Name, Kind(member)!, call.Name));
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        _ => null,
    };

    private static string? Kind(ISymbol member) => member switch
    {
        IPropertySymbol { IsIndexer: false } => "a property",
        IFieldSymbol { IsImplicitlyDeclared: false } => "a field",
        IEventSymbol => "an event",
        _ => null,
    };
}
