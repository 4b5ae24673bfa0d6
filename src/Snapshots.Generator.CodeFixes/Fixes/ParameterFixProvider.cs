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
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Changes a parameter to one that its call has, or removes it if the method does not use it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ParameterFixProvider)), Shared]
public sealed class ParameterFixProvider : FixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
    [
        Rule.ByReference.Id, Rule.Params.Id, Rule.UnknownParameter.Id, Rule.WrongParameterType.Id, Rule.TwoContexts.Id, Rule.BothFilterForms.Id,
    ];

    private protected override IEnumerable<Offer> Offers(FixPlace place, Diagnostic diagnostic)
    {
        // A partial method is declared twice, and an override has the parameters of what it overrides.
        if (place.MethodAt(diagnostic) is not [var method])
            return [];

        var meant = MeantBy(diagnostic);
        if (place.ParameterAt(diagnostic) is not { } parameter)
            return meant is null ? method.ParameterList.Parameters.Where(each => each.Identifier.IsKind(SyntaxKind.ArgListKeyword)).Select(Removing) : [];

        IEnumerable<Offer> removal = meant is { IsKey: true } || MethodNames.AreUsed(parameter, place.Model) ? [] : [Removing(parameter)];
        if (meant is not null)
            return Changing(parameter, meant, place).Concat(diagnostic.Id == Rule.UnknownParameter.Id ? removal : []);

        return diagnostic.Id == Rule.ByReference.Id || diagnostic.Id == Rule.Params.Id
            ? IsOfCall(parameter, method, place) || !removal.Any() ? [RemovingModifiers(parameter)] : removal
            : removal;
    }

    /// <summary>The parameter of the call that the message says to write, or null.</summary>
    private static CallParameter? MeantBy(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(FlawProperty.Name, out var name) && name is not null
        ? CallTable.Get(diagnostic.Properties[FlawProperty.Call]!).FindParameter(name)
        : null;

    /// <summary>Whether the call has a parameter of that name, or the parameter may have any name.</summary>
    private static bool IsOfCall(ParameterSyntax parameter, MethodDeclarationSyntax method, FixPlace place) =>
        place.Known is not { } known
        || place.Model.GetDeclaredSymbol(parameter) is not { Type: var type }
        || KnownTypes.AreSame(type, known.Context) || KnownTypes.AreSame(type, known.CancellationToken)
        || (CallTable.Find(method.Identifier.ValueText)?.Parameters.Any(each => each.Name == parameter.Identifier.ValueText) ?? false);

    private static Offer Removing(ParameterSyntax parameter) =>
        new("Remove", $"Remove '{parameter.Identifier.ValueText}'", edit => edit.RemoveParameter(parameter));

    private static IEnumerable<SyntaxToken> Modifiers(ParameterSyntax parameter) => parameter.Modifiers.Where(each => !each.IsKind(SyntaxKind.ScopedKeyword));

    private static Offer RemovingModifiers(ParameterSyntax parameter)
    {
        var words = Modifiers(parameter).ToList();
        return new("RemoveModifiers", $"Remove '{string.Join(" ", words)}'", edit =>
        {
            foreach (var word in words)
                edit.RemoveWord(word);
        });
    }

    /// <summary>Changes the type and the name of a parameter, with its uses.</summary>
    private static IEnumerable<Offer> Changing(ParameterSyntax parameter, CallParameter meant, FixPlace place)
    {
        var (name, type) = (meant.Name, meant.Type);
        if (parameter.Identifier.ValueText != name && MethodNames.Have(parameter, name))
            yield break;

        if (place.Known is not { } known || type.In(known) is not { } symbol || parameter.Type is not { } old || place.Model.GetDeclaredSymbol(parameter) is not { } declared)
            yield break;

        yield return new("Change", $"Write '{type.Text} {name}'", async (edit, cancelled) =>
        {
            foreach (var word in Modifiers(parameter))
                edit.RemoveWord(word);

            if (!KnownTypes.AreSame(declared.Type, symbol))
            {
                edit.Replace(old.Span, edit.NameOf(symbol, old.SpanStart));
                if (parameter.Default is { } value)
                    edit.Replace(TextSpan.FromBounds(parameter.Identifier.Span.End, value.Span.End), "");
            }

            if (declared.Name != name)
                await edit.All.RenameAsync(declared, name, cancelled).ConfigureAwait(false);
        });
    }
}
