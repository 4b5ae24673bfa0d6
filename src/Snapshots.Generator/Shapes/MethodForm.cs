using System.Collections.Immutable;
using System.Linq;
using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Whether the signature of a method can answer a call, whatever its modifiers are.</summary>
internal sealed record MethodForm(IMethodSymbol Method, CallShape? Shape, ImmutableArray<Flaw> Flaws)
{
    public static MethodForm Of(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        if (method.IsGenericMethod)
            return new(method, null, [new(Rule.GenericCall, Place.OfTypeParameters(method, type), method.Name, call.Name, TypeParameterAdvice.Of(method, call))]);

        if (method.IsConditional)
            return new(method, null, [new(Rule.ConditionalCall, Place.Of(method, type), method.Name, call.Name, NameOfConditional(method))]);

        var parameters = ParameterBinder.Bind(method, call, type, known);
        var answer = ReturnForm.Of(method, call, type, known);

        var isAnswerElsewhere = parameters.Flaws.Any(each => each.Rule == Rule.OutResult || each.Rule == Rule.Callback);
        ImmutableArray<Flaw> flaws = answer.Flaw is { } flaw && !isAnswerElsewhere ? [.. parameters.Flaws, flaw] : parameters.Flaws;
        if (parameters.Arguments is not { } arguments || answer.Reply is not { } reply)
            return new(method, null, flaws);

        if (call.Parameters.Any(each => each.IsFilter) && !arguments.Any(each => each.IsFilter))
            reply = reply with { OnlyMatching = true };

        return new(method, new(call, method, arguments, reply), flaws);
    }

    /// <summary>The method that has the attribute: the method itself, or one that it overrides.</summary>
    private static string NameOfConditional(IMethodSymbol method)
    {
        var marked = method;
        while (marked.OverriddenMethod is { IsConditional: true } overridden)
            marked = overridden;

        return marked.Equals(method, SymbolEqualityComparer.Default) ? method.Name : $"{marked.ContainingType.Name}.{marked.Name}";
    }
}
