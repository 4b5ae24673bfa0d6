using System;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Binds the parameters of a method to those of its call, by exact name and type.</summary>
internal static class ParameterBinder
{
    /// <summary>Binds all parameters.</summary>
    /// <returns>The arguments in order, or null; and the flaws, without those that the compiler reports.</returns>
    public static (ImmutableArray<CallParameter>? Arguments, ImmutableArray<Flaw> Flaws) Bind(
        IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        if (method.IsVararg)
            return (null, [new(Rule.Params, Place.Of(method, type), method.Name, "__arglist")]);

        var arguments = ImmutableArray.CreateBuilder<CallParameter>();
        var flaws = ImmutableArray.CreateBuilder<Flaw>();

        foreach (var parameter in method.Parameters)
        {
            var bound = FindArgument(parameter, call, known);
            if (FlawOf(parameter, method, call, type, known, bound, arguments) is { } flaw)
                flaws.Add(flaw);
            else if (bound is { } argument)
                arguments.Add(argument);
        }

        return (arguments.Count == method.Parameters.Length ? arguments.ToImmutable() : null, flaws.ToImmutable());
    }

    private static Flaw? FlawOf(
        IParameterSymbol parameter, IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known,
        CallParameter? bound, ImmutableArray<CallParameter>.Builder before)
    {
        if (parameter.RefKind != RefKind.None)
            return new(Rule.ByReference, Place.OfModifier(parameter, method, type), parameter.Name, method.Name, Word(parameter.RefKind));

        if (parameter.IsParams)
            return new(Rule.Params, Place.OfModifier(parameter, method, type), method.Name, "params");

        if (bound == CallTable.Context && before.Contains(bound))
            return new(Rule.TwoContexts, Place.Of(parameter, method, type), method.Name, parameter.Name);

        if (bound is { IsFilter: true } && before.FirstOrDefault(each => each.IsFilter) is { } other)
            return new(Rule.BothFilterForms, Place.Of(parameter, method, type), method.Name, other.Name, bound.Name);

        if (bound is not null || ErrorTypes.AreIn(parameter.Type) || parameter.Name.Length == 0)
            return null;

        if (FindByName(parameter.Name, call) is { } expected)
        {
            return new(Rule.WrongParameterType, Place.OfType(parameter, method, type), parameter.Name, call.Name, expected.Type.Text, TypeText.Of(parameter.Type))
            {
                Properties = FlawProperty.OfParameter(call, expected),
            };
        }

        var meant = FindLikely(parameter, call, known);
        return new(Rule.UnknownParameter, Place.Of(parameter, method, type), call.Name, parameter.Name, Advice(meant, call))
        {
            Properties = FlawProperty.OfParameter(call, meant),
        };
    }

    private static CallParameter? FindArgument(IParameterSymbol parameter, SnapshotterCall call, KnownTypes known) =>
        CallTable.OfAnyName.FirstOrDefault(each => IsOf(each, parameter, known))
        ?? (FindByName(parameter.Name, call) is { } found && IsOf(found, parameter, known) ? found : null);

    private static CallParameter? FindByName(string name, SnapshotterCall call) =>
        call.Parameters.FirstOrDefault(each => each.Name == name);

    /// <summary>The parameter that was likely meant by an unknown one, or null.</summary>
    private static CallParameter? FindLikely(IParameterSymbol parameter, SnapshotterCall call, KnownTypes known)
    {
        var sameName = call.Parameters.FirstOrDefault(each => each.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
        var sameType = call.Parameters.Where(each => IsOf(each, parameter, known)).ToList();

        return sameName ?? (sameType.Count == 1 ? sameType[0] : null);
    }

    /// <summary>What to write instead of an unknown parameter: the one that was likely meant, or any.</summary>
    private static string Advice(CallParameter? meant, SnapshotterCall call)
    {
        if (meant is not null)
            return $"write '{meant.Type.Text} {meant.Name}', or remove it";

        var all = call.Parameters.Select(each => $"'{each.Type.Text} {each.Name}'").Concat(CallTable.OfAnyName.Select(each => $"a {each.Type.Text}"));
        return $"remove it, or write one of {string.Join(", ", all)}";
    }

    private static bool IsOf(CallParameter expected, IParameterSymbol parameter, KnownTypes known) => KnownTypes.AreSame(parameter.Type, expected.Type.In(known));

    private static string Word(RefKind kind) => kind switch
    {
        RefKind.Out => "out",
        RefKind.In => "in",
        RefKind.RefReadOnlyParameter => "ref readonly",
        _ => "ref",
    };
}
