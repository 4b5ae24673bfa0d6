using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Whether the return type of a method can answer a call, and how.</summary>
internal readonly record struct ReturnForm(Reply? Reply, Flaw? Flaw)
{
    public static ReturnForm Of(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            return new(null, new(Rule.RefReturn, Place.OfReturnModifier(method, type), method.Name, WithoutRef(method, call, known)));

        if (method.ReturnsVoid && (method.PartialImplementationPart ?? method).IsAsync)
            return new(null, new(Rule.AsyncVoid, Place.OfReturnType(method, type), method.Name, call.Payload.AsyncText) { Properties = FlawProperty.OfCall(call) });

        if (ErrorTypes.AreIn(method.ReturnType))
            return default;

        if (AnswerOf(method.ReturnType, call.Payload, known) is { } reply)
            return new(reply, NullFlawOf(method, call, type, known));

        var place = Place.OfReturnType(method, type);
        if (call.Payload == Payload.Infos && IsAmbiguous(method.ReturnType, known))
            return new(null, new(Rule.AmbiguousReturnType, place, TypeText.Of(method.ReturnType)));

        var text = TypeText.Of(method.ReturnType, call.Payload.Text, known);
        return new(null, new(Rule.WrongReturnType, place, call.Name, text.Actual, text.Expected + Example(method.ReturnType, call, known)) { Properties = FlawProperty.OfCall(call) });
    }

    /// <summary>Whether a method that returns a type can answer with a payload.</summary>
    public static bool Fits(ITypeSymbol type, Payload payload, KnownTypes known) => AnswerOf(type, payload, known) is not null;

    /// <summary>How to make the answer out of the numbers that a method returns.</summary>
    private static string Example(ITypeSymbol type, SnapshotterCall call, KnownTypes known)
    {
        _ = TryUnwrap(ref type, known.TaskOfT) || TryUnwrap(ref type, known.ValueTaskOfT);
        return call.Payload == Payload.Usage && type.IsValueType ? ", made with 'new SnapshotUsage(size, inodes)'" : "";
    }

    private static string WithoutRef(IMethodSymbol method, SnapshotterCall call, KnownTypes known) => Fits(method.ReturnType, call.Payload, known)
        ? method.ReturnsByRef ? "remove 'ref'" : "remove 'ref readonly'"
        : $"return {call.Payload.Text}";

    /// <summary>The flaw of a type that can be null, or hold null in a task or a result, where that is not an answer.</summary>
    private static Flaw? NullFlawOf(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        if (!call.Payload.IsNeverNull)
            return null;

        var better = WithoutNull(method.ReturnType, known);
        return SymbolEqualityComparer.IncludeNullability.Equals(better, method.ReturnType)
            ? null
            : new(Rule.NullableAnswer, Place.OfReturnType(method, type), method.Name, TypeText.Of(method.ReturnType), TypeText.Of(better));
    }

    private static ITypeSymbol WithoutNull(ITypeSymbol type, KnownTypes known)
    {
        var inner = type;
        if (TryUnwrap(ref inner, known.TaskOfT) || TryUnwrap(ref inner, known.ValueTaskOfT) || TryUnwrap(ref inner, known.ResultOfT))
            type = ((INamedTypeSymbol)type).OriginalDefinition.Construct(WithoutNull(inner, known)).WithNullableAnnotation(type.NullableAnnotation);

        return type.NullableAnnotation == NullableAnnotation.Annotated && !type.IsValueType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type;
    }

    private static Reply? AnswerOf(ITypeSymbol type, Payload payload, KnownTypes known)
    {
        if (payload == Payload.None)
            return OfNothing(type, known);

        var inTask = TryUnwrap(ref type, known.TaskOfT) || TryUnwrap(ref type, known.ValueTaskOfT);
        _ = TryUnwrap(ref type, known.ResultOfT);

        if (!payload.Accepts(type, inTask, known) || type is { IsRefLikeType: true } or ITypeParameterSymbol { AllowsRefLikeType: true })
            return null;

        return new(FormOf(type, known), payload.NullIsNotFound && CanBeNull(type));
    }

    private static Reply? OfNothing(ITypeSymbol type, KnownTypes known)
    {
        if (type.SpecialType == SpecialType.System_Void)
            return new(ReplyForm.AfterReturn);

        if (KnownTypes.AreSame(type, known.Task) || KnownTypes.AreSame(type, known.ValueTask))
            return new(ReplyForm.Payload);

        _ = TryUnwrap(ref type, known.TaskOfT) || TryUnwrap(ref type, known.ValueTaskOfT);
        return KnownTypes.AreSame(type, known.Result) ? new Reply(ReplyForm.Payload) : null;
    }

    private static ReplyForm FormOf(ITypeSymbol payload, KnownTypes known)
    {
        if (KnownTypes.AreSame(payload, known.Mount))
            return ReplyForm.OneMount;

        return KnownTypes.IsOrImplements(payload, known.AsyncInfos) && !KnownTypes.IsOrImplements(payload, known.Infos) ? ReplyForm.AsyncInfos : ReplyForm.Payload;
    }

    private static bool IsAmbiguous(ITypeSymbol type, KnownTypes known)
    {
        _ = TryUnwrap(ref type, known.ResultOfT);
        return KnownTypes.IsOrImplements(type, known.Infos) && KnownTypes.IsOrImplements(type, known.AsyncInfos);
    }

    // Without nullable annotations, null is the only way to say "not found". A struct always counts as annotated.
    private static bool CanBeNull(ITypeSymbol type) => type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    private static bool TryUnwrap(ref ITypeSymbol type, ITypeSymbol? wrapper)
    {
        if (type is not INamedTypeSymbol { TypeArguments.Length: 1 } named || !KnownTypes.AreSame(named.OriginalDefinition, wrapper))
            return false;

        type = named.TypeArguments[0];
        return true;
    }
}
