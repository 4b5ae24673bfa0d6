using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>
/// What to write for the parameters of a method that do not bind. It never advises a parameter that the method has
/// already, nor one parameter twice.
/// </summary>
internal sealed class ParameterAdvice
{
    private readonly KnownTypes _known;
    private readonly SnapshotterCall _call;
    private readonly bool _hasContext;
    private readonly List<CallParameter> _free;

    public ParameterAdvice(IMethodSymbol method, SnapshotterCall call, KnownTypes known)
    {
        _known = known;
        _call = call;
        _hasContext = method.Parameters.Any(each => KnownTypes.AreSame(each.Type, known.Context));

        var taken = method.Parameters.Where(each => OfAnyName(each) is null).Select(each => call.FindParameter(each.Name)).ToList();
        var hasFilter = taken.Any(each => each is { IsFilter: true });
        _free = [.. call.Parameters.Where(each => !taken.Contains(each) && !(each.IsFilter && hasFilter))];
    }

    /// <summary>The parameters without which the method cannot know which snapshot is meant.</summary>
    public ImmutableArray<CallParameter> MissingKeys => [.. _free.Where(each => each.IsKey)];

    /// <summary>The parameter of the call that a parameter binds to, or null.</summary>
    public CallParameter? FindArgument(IParameterSymbol parameter) =>
        OfAnyName(parameter) ?? (_call.FindParameter(parameter.Name) is { } found && IsOf(found, parameter) ? found : null);

    /// <summary>The parameter that was likely meant by an unknown one, or null. It is then no longer free.</summary>
    public CallParameter? Take(IParameterSymbol parameter)
    {
        var meant = FindLikely(parameter);
        if (meant is { IsFilter: true })
            _free.RemoveAll(each => each.IsFilter);
        else if (meant is not null)
            _free.Remove(meant);

        return meant;
    }

    /// <summary>What to write instead of a parameter: the one that was meant, or any.</summary>
    public string Text(IParameterSymbol parameter, CallParameter? meant)
    {
        if (meant is not null)
        {
            var name = CallTable.OfAnyName.Contains(meant) ? parameter.Name : meant.Name;
            var text = $"write '{TypeText.Of(parameter.Type, meant.Type.Text, _known).Expected} {name}'";
            return meant.IsKey ? text : $"{text}, or remove it";
        }

        if (_free.Count == 0)
            return "remove it";

        var others = CallTable.OfAnyName.Where(each => each != CallTable.Context || !_hasContext).Select(each => $"a {each.Type.Text}");
        return $"remove it, or write one of {string.Join(", ", _free.Select(each => $"'{each.Type.Text} {each.Name}'").Concat(others))}";
    }

    /// <summary>What to write instead of a request: its fields.</summary>
    public string TextOfRequest()
    {
        var text = Text(_free.Where(each => !each.IsFilter || each == _call.Parameters[0]));
        _free.Clear();
        return text;
    }

    /// <summary>What to write where the keys are missing.</summary>
    public string TextOfKeys() => Text(MissingKeys);

    private static string Text(IEnumerable<CallParameter> parameters)
    {
        var list = string.Join(", ", parameters.Select(each => $"{each.Type.Text} {each.Name}"));
        return list.Length == 0 ? "remove it" : $"write '{list}'";
    }

    private CallParameter? FindLikely(IParameterSymbol parameter)
    {
        if (LooksLike(parameter, CallTable.CancellationToken))
            return CallTable.CancellationToken;

        if (!_hasContext && (LooksLike(parameter, CallTable.Context) || parameter.Name == CallTable.Context.Name))
            return CallTable.Context;

        var sameType = _free.Where(each => IsOf(each, parameter)).ToList();
        return _free.Find(each => each.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))
            ?? _free.Find(each => Spelling.IsNear(parameter.Name, each.Name))
            ?? sameType.Find(each => each.IsKey)
            ?? (sameType.Count == 1 ? sameType[0] : null)
            ?? _free.Find(each => each.IsKey);
    }

    /// <summary>Whether a type is the nullable form of another, or has its name, or that of the same in another library.</summary>
    private static bool LooksLike(IParameterSymbol parameter, CallParameter expected)
    {
        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : parameter.Type;
        return type.Name == expected.Type.Text || (expected == CallTable.Context && type.Name.EndsWith("Context", StringComparison.Ordinal));
    }

    private CallParameter? OfAnyName(IParameterSymbol parameter) => CallTable.OfAnyName.FirstOrDefault(each => IsOf(each, parameter));

    private bool IsOf(CallParameter expected, IParameterSymbol parameter) => KnownTypes.AreSame(parameter.Type, expected.Type.In(_known));
}
