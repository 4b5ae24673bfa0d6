using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Rules;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Replaces an exception of .NET with the error of containerd that it means, with its message and cause.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KnownErrorFixProvider)), Shared]
public sealed class KnownErrorFixProvider : FixProvider
{
    private const string Exception = "Containerd.Snapshots.SnapshotterException", Error = "Containerd.Snapshots.SnapshotterError";

    private static readonly string[] Keys = ["key", "name", "parent"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rule.UnknownError.Id];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        var creation = place.Root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<ObjectCreationExpressionSyntax>();
        if (creation is not { Initializer: null } || !diagnostic.Properties.TryGetValue(FlawProperty.Name, out var kind) || kind is null
            || place.Model.Compilation.GetTypeByMetadataName(Exception) is not { } exception
            || place.Model.Compilation.GetTypeByMetadataName(Error) is not { } error)
        {
            yield break;
        }

        if (FactoryArgument(creation, kind, place) is { } argument)
        {
            yield return new("Throw", $"Throw SnapshotterException.{kind}", edit =>
                edit.Replace(creation.Span, $"{edit.NameOf(exception, creation.SpanStart)}.{kind}({argument})"));
        }
        else if (creation.ArgumentList is { Arguments: var arguments } && TakesAsTheyAre(arguments, place))
        {
            yield return new("Throw", $"Throw a SnapshotterException of SnapshotterError.{kind}", edit =>
            {
                edit.Replace(creation.Type.Span, edit.NameOf(exception, creation.SpanStart));
                edit.Insert(arguments[0].SpanStart, $"{edit.NameOf(error, creation.SpanStart)}.{kind}, ");
            });
        }
    }

    /// <summary>
    /// The argument for the factory of the kind, or null if its message would differ: the factory of NotFound makes its
    /// message from a key.
    /// </summary>
    private static string? FactoryArgument(ObjectCreationExpressionSyntax creation, string kind, FixPlace place)
    {
        var takesKey = kind == "NotFound";
        if (creation.ArgumentList is not { Arguments.Count: > 0 and var count } list)
            return takesKey ? KeyIn(creation) : null;

        return count == 1 && TakesAsTheyAre(list.Arguments, place) && (!takesKey || IsKey(list.Arguments[0].Expression))
            ? list.Arguments[0].ToString()
            : null;
    }

    /// <summary>Whether the arguments are a message, and optionally a cause.</summary>
    private static bool TakesAsTheyAre(SeparatedSyntaxList<ArgumentSyntax> arguments, FixPlace place)
    {
        if (arguments.Count is 0 or > 2 || arguments.Any(each => each.NameColon is not null))
            return false;

        var message = place.Model.GetTypeInfo(arguments[0].Expression);
        return message is { Type.SpecialType: SpecialType.System_String, Nullability.FlowState: not NullableFlowState.MaybeNull }
            && (arguments.Count == 1 || IsException(place.Model.GetTypeInfo(arguments[1].Expression).ConvertedType, place));
    }

    private static bool IsException(ITypeSymbol? type, FixPlace place) =>
        KnownTypes.AreSame(type, place.Model.Compilation.GetTypeByMetadataName("System.Exception"));

    private static bool IsKey(ExpressionSyntax expression) => expression is IdentifierNameSyntax name && Keys.Contains(name.Identifier.ValueText);

    /// <summary>The parameter that names the snapshot.</summary>
    private static string? KeyIn(SyntaxNode node) => Keys.FirstOrDefault(key =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.ParameterList.Parameters.Any(each => each.Identifier.ValueText == key) ?? false);
}
