using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>Replaces wrong return types; a task, a result or a nullable type stays one.</summary>
internal sealed class ReturnTypes(KnownTypes known, Compilation compilation)
{
    public ITypeSymbol? For(SnapshotterCall call, ITypeSymbol old, bool isAsync, bool isIterator)
    {
        var task = TaskOf(old) ?? (isAsync ? known.TaskOfT : null);
        var inner = Unwrap(Unwrap(old, known.TaskOfT), known.ValueTaskOfT);
        if (call.Payload == Payload.Infos && IsAsyncSequence(old, inner, isAsync, isIterator))
            return known.AsyncInfos;

        var isResult = IsOf(inner, known.ResultOfT);
        if (call.Payload == Payload.None && !isResult)
            return WithoutPayload(task);

        var payload = call.Payload == Payload.None ? known.Result : PayloadOf(call.Payload, Unwrap(inner, known.ResultOfT));
        if (isResult && call.Payload != Payload.None)
            payload = Construct(known.ResultOfT, payload);

        return task is null ? payload : Construct(task, payload);
    }

    /// <summary>The result for a <c>bool</c> that says whether a call without payload succeeded; null if the method returns something else.</summary>
    public ITypeSymbol? ResultForBool(ITypeSymbol old)
    {
        var inner = Unwrap(Unwrap(Unwrap(old, known.TaskOfT), known.ValueTaskOfT), known.ResultOfT);
        if (inner.SpecialType != SpecialType.System_Boolean)
            return null;

        return TaskOf(old) is { } task ? Construct(task, known.Result) : known.Result;
    }

    /// <summary>The return type of a method that becomes async; null if it returns a task or an asynchronous sequence already.</summary>
    public ITypeSymbol? OfAsync(ITypeSymbol old)
    {
        if (old.SpecialType == SpecialType.System_Void)
            return known.Task;

        return TaskOf(old) is null && !KnownTypes.IsOrImplements(old, known.AsyncInfos) ? Construct(known.TaskOfT, old) : null;
    }

    private bool IsAsyncSequence(ITypeSymbol old, ITypeSymbol inner, bool isAsync, bool isIterator)
    {
        if (isAsync && (isIterator || old.SpecialType == SpecialType.System_Void))
            return true;

        return !isAsync && IsOf(inner, known.AsyncInfos);
    }

    private ITypeSymbol? WithoutPayload(ITypeSymbol? task)
    {
        if (task is null)
            return compilation.GetSpecialType(SpecialType.System_Void);

        return KnownTypes.AreSame(task, known.ValueTaskOfT) ? known.ValueTask : known.Task;
    }

    private ITypeSymbol? PayloadOf(Payload payload, ITypeSymbol old)
    {
        var type = payload.WrittenType(known);
        var canBeNull = payload.NullIsNotFound
            && (old.NullableAnnotation == NullableAnnotation.Annotated || old.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T);

        return canBeNull ? type?.WithNullableAnnotation(NullableAnnotation.Annotated) : type;
    }

    private ITypeSymbol? TaskOf(ITypeSymbol type)
    {
        if (IsOf(type, known.TaskOfT) || KnownTypes.AreSame(type, known.Task))
            return known.TaskOfT;

        return IsOf(type, known.ValueTaskOfT) || KnownTypes.AreSame(type, known.ValueTask) ? known.ValueTaskOfT : null;
    }

    private static ITypeSymbol Unwrap(ITypeSymbol type, ITypeSymbol? wrapper) =>
        IsOf(type, wrapper) ? ((INamedTypeSymbol)type).TypeArguments[0] : type;

    private static bool IsOf(ITypeSymbol type, ITypeSymbol? generic) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1 } && KnownTypes.AreSame(type.OriginalDefinition, generic?.OriginalDefinition);

    private static ITypeSymbol? Construct(ITypeSymbol? generic, ITypeSymbol? argument) =>
        argument is null ? null : (generic as INamedTypeSymbol)?.Construct([argument], [argument.NullableAnnotation]);
}
