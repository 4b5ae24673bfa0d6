using System;
using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Binds the parameters of a method to those of its call, by exact name and type.</summary>
internal sealed class ParameterBinder
{
    private readonly IMethodSymbol _method;
    private readonly SnapshotterCall _call;
    private readonly INamedTypeSymbol _type;
    private readonly KnownTypes _known;
    private readonly ParameterAdvice _advice;

    private readonly ImmutableArray<CallParameter>.Builder _arguments = ImmutableArray.CreateBuilder<CallParameter>();
    private readonly ImmutableArray<Flaw>.Builder _flaws = ImmutableArray.CreateBuilder<Flaw>();

    private ParameterBinder(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        _method = method;
        _call = call;
        _type = type;
        _known = known;
        _advice = new(method, call, known);
    }

    /// <summary>Binds all parameters.</summary>
    /// <returns>The arguments in order, or null; and the flaws, without those that the compiler reports.</returns>
    public static (ImmutableArray<CallParameter>? Arguments, ImmutableArray<Flaw> Flaws) Bind(
        IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known) => new ParameterBinder(method, call, type, known).Bind();

    private (ImmutableArray<CallParameter>? Arguments, ImmutableArray<Flaw> Flaws) Bind()
    {
        foreach (var parameter in _method.Parameters)
        {
            var bound = _advice.FindArgument(parameter);
            if (FlawOf(parameter, bound) is { } ofParameter)
                _flaws.Add(ofParameter);
            else if (bound is not null)
                _arguments.Add(bound);
        }

        if ((_method.IsVararg ? ArgList() : MissingKey()) is { } flaw)
            _flaws.Add(flaw);

        return (_arguments.Count == _method.Parameters.Length && !_method.IsVararg ? _arguments.ToImmutable() : null, _flaws.ToImmutable());
    }

    private Flaw? FlawOf(IParameterSymbol parameter, CallParameter? bound)
    {
        if (parameter.RefKind == RefKind.Out && ReturnForm.Fits(parameter.Type, _call.Payload, _known))
            return new(Rule.OutResult, Place.OfModifier(parameter, _method, _type), _method.Name, parameter.Name, Return($"'{TypeText.Of(parameter.Type)}'"));

        if (parameter.RefKind != RefKind.None)
            return Modified(Rule.ByReference, parameter, bound, Word(parameter.RefKind));

        if (parameter.IsParams)
            return Modified(Rule.Params, parameter, bound, "params");

        if (bound == CallTable.Context && _arguments.Contains(bound))
            return new(Rule.TwoContexts, Place.Of(parameter, _method, _type), _method.Name, parameter.Name);

        if (OtherFilter(parameter, bound) is { } conflict)
            return conflict;

        if (bound is not null || ErrorTypes.AreIn(parameter.Type) || parameter.Name.Length == 0)
            return null;

        return _call.FindParameter(parameter.Name) is { } expected ? WrongType(parameter, expected) : Unknown(parameter);
    }

    /// <summary>The flaw of a modifier; without it, the parameter may still be one that the call does not have.</summary>
    private Flaw Modified(DiagnosticDescriptor rule, IParameterSymbol parameter, CallParameter? bound, string modifier)
    {
        var isFine = bound is not null || ErrorTypes.AreIn(parameter.Type);
        var meant = isFine ? null : _call.FindParameter(parameter.Name) ?? _advice.Take(parameter);
        return new(rule, Place.OfModifier(parameter, _method, _type), parameter.Name, _method.Name, isFine ? $"remove '{modifier}'" : _advice.Text(parameter, meant))
        {
            Properties = FlawProperty.OfParameter(_call, meant),
        };
    }

    private Flaw WrongType(IParameterSymbol parameter, CallParameter expected)
    {
        var text = TypeText.Of(parameter.Type, expected.Type.Text, _known);
        return new(Rule.WrongParameterType, Place.OfType(parameter, _method, _type), parameter.Name, _call.Name, text.Expected, text.Actual)
        {
            Properties = FlawProperty.OfParameter(_call, expected),
        };
    }

    private Flaw Unknown(IParameterSymbol parameter)
    {
        if (_call.Payload == Payload.Infos && parameter.Type.TypeKind == TypeKind.Delegate)
            return new(Rule.Callback, Place.Of(parameter, _method, _type), _method.Name, parameter.Name, Return("them as IEnumerable<SnapshotInfo> or IAsyncEnumerable<SnapshotInfo>"));

        if (parameter.Type.Name.EndsWith("Request", StringComparison.Ordinal))
            return new(Rule.RequestParameter, Place.OfType(parameter, _method, _type), _call.Name, TypeText.Of(parameter.Type), _advice.TextOfRequest());

        var meant = _advice.Take(parameter);
        return new(Rule.UnknownParameter, Place.Of(parameter, _method, _type), _call.Name, parameter.Name, _advice.Text(parameter, meant))
        {
            Properties = FlawProperty.OfParameter(_call, meant),
        };
    }

    /// <summary>The flaw of a second form of the filter: of the two, the one of the wrong type, else the later one.</summary>
    private Flaw? OtherFilter(IParameterSymbol parameter, CallParameter? bound)
    {
        if (_call.FindParameter(parameter.Name) is not { IsFilter: true })
            return null;

        var other = _method.Parameters.FirstOrDefault(each => !each.Equals(parameter, SymbolEqualityComparer.Default) && _call.FindParameter(each.Name) is { IsFilter: true });
        if (other is null || (bound is not null && (other.Ordinal > parameter.Ordinal || _advice.FindArgument(other) is null)))
            return null;

        return new(
            Rule.BothFilterForms, Place.Of(parameter, _method, _type), _method.Name, other.Name, parameter.Name, bound is null ? $"'{parameter.Name}'" : "one of them");
    }

    private Flaw ArgList() => new(Rule.Params, Place.Of(_method, _type), "__arglist", _method.Name, _advice.TextOfKeys())
    {
        Properties = FlawProperty.OfParameter(_call, _advice.MissingKeys.FirstOrDefault()),
    };

    private Flaw? MissingKey()
    {
        if (_advice.MissingKeys is not { Length: > 0 } missing || _method.Parameters.Any(each => ErrorTypes.AreIn(each.Type) || each.Name.Length == 0))
            return null;

        return new(Rule.MissingKey, Place.Of(_method, _type), _method.Name, string.Join(" and the ", missing.Select(each => each.Name)), _advice.TextOfKeys());
    }

    /// <summary>What to return, unless the method returns it already.</summary>
    private string Return(string result) => ReturnForm.Fits(_method.ReturnType, _call.Payload, _known) ? "" : $", and return {result}";

    private static string Word(RefKind kind) => kind switch
    {
        RefKind.Out => "out",
        RefKind.In => "in",
        RefKind.RefReadOnlyParameter => "ref readonly",
        _ => "ref",
    };
}
