using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Models;

/// <summary>Reads the model of a marked class from its symbol: the last step that uses symbols.</summary>
internal static class ModelReader
{
    /// <summary>The model, or null if there is nothing to emit.</summary>
    public static SnapshotterModel? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        if (type.TypeKind != TypeKind.Class || !IsFirstMark(type, context) || KnownTypes.In(context.SemanticModel.Compilation) is not { } known)
            return null;

        var shape = SnapshotterShape.Of(type, known, cancellationToken);
        return shape.CanBeExtended ? ToModel(type, shape) : null;
    }

    /// <summary>If the attribute is on two parts of a class, the compiler reports it, and the first part emits.</summary>
    private static bool IsFirstMark(INamedTypeSymbol type, GeneratorAttributeSyntaxContext context)
    {
        var marks = type.GetAttributes().Where(each => SymbolEqualityComparer.Default.Equals(each.AttributeClass, context.Attributes[0].AttributeClass));
        var first = marks.First().ApplicationSyntaxReference;
        return first?.SyntaxTree == context.TargetNode.SyntaxTree && context.TargetNode.Span.Contains(first.Span);
    }

    private static SnapshotterModel ToModel(INamedTypeSymbol type, SnapshotterShape shape) => new(
        HintName.Of(type),
        string.Join(".", type.NamespaceNames().Reverse().Select(Identifier.Escape)),
        type.Containers().Reverse().Select(ToModel).ToEquatableArray(),
        ToModel(type),
        Self(type),
        ServiceName(type),
        Used(shape).Any(Warned.IsObsolete),
        Used(shape).SelectMany(Warned.Experiments).Concat(Requirements(shape)).Distinct().ToEquatableArray(),
        CallTable.Calls.Select(call => ToModel(call, shape, type)).OfType<CallModel>().ToEquatableArray(),
        shape.Fallback is { IsSnapshotter: true } fallback ? ToModel(fallback) : null);

    /// <summary>The symbols that emitted code uses.</summary>
    private static IEnumerable<ISymbol> Used(SnapshotterShape shape) => shape.Fallback is { } fallback
        ? [.. shape.Calls.Select(call => call.Method), .. fallback.Calls.Select(call => call.Method), fallback.Member, fallback.Type]
        : shape.Calls.Select(call => call.Method);

    /// <summary>The warnings about what the calls require: a rule reports them at the calls themselves.</summary>
    private static IEnumerable<string> Requirements(SnapshotterShape shape) =>
        shape.Calls.SelectMany(call => Requirement.Of(call.Method)).Select(each => each.Warning);

    private static FallbackModel ToModel(Fallback fallback) => new(
        Identifier.Escape(fallback.Member.Name),
        fallback.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
        fallback.Answered.Select(call => call.Name).ToEquatableArray());

    private static CallModel? ToModel(SnapshotterCall call, SnapshotterShape shape, INamedTypeSymbol type)
    {
        if (shape.Calls.FirstOrDefault(each => each.Call == call) is { } own)
            return ToModel(own, null, type);

        return shape.Fallback is { } fallback && fallback.Calls.FirstOrDefault(each => each.Call == call) is { } other
            ? ToModel(other, Identifier.Escape(fallback.Member.Name), fallback.Type)
            : null;
    }

    private static TypeModel ToModel(INamedTypeSymbol type) => new(TypeKeyword.Of(type), Name(type));

    private static string Name(INamedTypeSymbol type)
    {
        var name = Identifier.Escape(type.Name);
        return type.TypeParameters.IsEmpty
            ? name
            : $"{name}<{string.Join(", ", type.TypeParameters.Select(each => Variance(each) + Identifier.Escape(each.Name)))}>";
    }

    private static string Variance(ITypeParameterSymbol parameter) => parameter.Variance switch
    {
        VarianceKind.In => "in ",
        VarianceKind.Out => "out ",
        _ => "",
    };

    /// <summary>The name of the class in its own code: short, unless it inherits another type of that name.</summary>
    private static string Self(INamedTypeSymbol type) => type.BaseTypes().Any(each => !each.GetTypeMembers(type.Name).IsEmpty)
        ? type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
        : Name(type);

    private static CallModel ToModel(CallShape shape, string? part, INamedTypeSymbol type) => new(
        shape.Call.Name,
        part,
        Receiver(shape.Method, type),
        Identifier.Escape(shape.Method.Name),
        shape.Arguments.Select(each => each.Property).ToEquatableArray(),
        ReplyMethod(shape.Reply));

    private static string? ReplyMethod(Reply reply)
    {
        var before = (reply.NullIsNotFound ? "NullIsNotFound()." : "") + (reply.OnlyMatching ? "OnlyMatching()." : "");
        return reply.Form switch
        {
            ReplyForm.AfterReturn => null,
            ReplyForm.OneMount => before + "ReplyOne",
            ReplyForm.AsyncInfos => before + "ReplyStream",
            _ => before + "Reply",
        };
    }

    /// <summary>
    /// The type to look for the method in, or null for the type itself: emitted code is inside the class, and would find a
    /// helper that has the name of an inherited call, and two interfaces may have the same method.
    /// </summary>
    private static string? Receiver(IMethodSymbol method, INamedTypeSymbol type)
    {
        var declaring = method.ContainingType;
        if (type.TypeKind == TypeKind.Interface)
            return SymbolEqualityComparer.Default.Equals(declaring, type) ? null : declaring.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

        var below = type.BaseTypes().Prepend(type).TakeWhile(each => !SymbolEqualityComparer.Default.Equals(each, declaring));

        return below.Any(each => !each.GetMembers(method.Name).IsEmpty)
            ? declaring.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
            : null;
    }

    /// <summary>A name that no member has, declared or inherited: a nested class may derive from a marked one.</summary>
    private static string ServiceName(INamedTypeSymbol type)
    {
        var name = $"{type.Name}GrpcService";
        while (type.TypeParameters.Any(each => each.Name == name) || type.BaseTypes().Prepend(type).Any(each => !each.GetMembers(name).IsEmpty))
            name += "_";

        return name;
    }
}
