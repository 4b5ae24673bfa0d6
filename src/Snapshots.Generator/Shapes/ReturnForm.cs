using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>Whether the return type of a method can answer a call, and how.</summary>
internal readonly record struct ReturnForm(Reply? Reply, Flaw? Flaw)
{
    public static ReturnForm Of(IMethodSymbol method, SnapshotterCall call, INamedTypeSymbol type, KnownTypes known)
    {
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            return new(null, new(Rule.RefReturn, Place.OfReturnModifier(method, type), method.Name, method.ReturnsByRef ? "ref" : "ref readonly"));

        if (method.ReturnsVoid && (method.PartialImplementationPart ?? method).IsAsync)
            return new(null, new(Rule.AsyncVoid, Place.OfReturnType(method, type), method.Name, call.Payload.AsyncText) { Properties = FlawProperty.OfCall(call) });

        if (ErrorTypes.AreIn(method.ReturnType))
            return default;

        if (AnswerOf(method.ReturnType, call.Payload, known) is { } reply)
            return new(reply, null);

        var place = Place.OfReturnType(method, type);
        return call.Payload == Payload.Infos && IsAmbiguous(method.ReturnType, known)
            ? new(null, new(Rule.AmbiguousReturnType, place, TypeText.Of(method.ReturnType)))
            : new(null, new(Rule.WrongReturnType, place, call.Name, TypeText.Of(method.ReturnType), call.Payload.Text) { Properties = FlawProperty.OfCall(call) });
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
