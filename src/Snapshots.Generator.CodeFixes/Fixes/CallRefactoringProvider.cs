using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.CodeFixes.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Parameters;
using Containerd.Snapshots.Generator.CodeFixes.Returns;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Offers, at the declaration of a call, to make it async, to add a parameter, and to return errors instead of throwing them.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(CallRefactoringProvider)), Shared]
public sealed class CallRefactoringProvider : RefactoringProvider
{
    private protected override IEnumerable<Offer> Offers(FixPlace place, TextSpan span, CancellationToken cancellationToken)
    {
        if (place.Known is not { } known
            || place.Root.FindToken(span.Start).Parent?.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || span.Start > method.ParameterList.Span.End
            || place.Model.GetDeclaredSymbol(method, cancellationToken) is not { } symbol
            || !known.IsMarked(symbol.ContainingType)
            || !Signature.IsOwn(symbol)
            || SnapshotterShape.Of(symbol.ContainingType, known, cancellationToken).Calls.FirstOrDefault(each => SymbolEqualityComparer.Default.Equals(each.Method, symbol)) is not { } call)
        {
            yield break;
        }

        if (AsyncMethod.Of([method], place) is { } asynchronous)
            yield return new("Async", $"Make '{symbol.Name}' async", edit => MakeAsync(method, asynchronous, edit));

        foreach (var parameter in CallParameters.Missing(call))
            yield return new(parameter.Name, $"Add '{parameter.Type.Text} {parameter.Name}'", edit => CallParameters.Add(parameter, method, known, edit));

        if (MissingToken.Of([method], place) is { } token && !call.Arguments.Contains(CallTable.CancellationToken))
            yield return new("Token", "Add a CancellationToken and pass it on", token.AddAsync);

        if (ResultReturning.Of(method, call, place) is { } result)
            yield return new("Result", "Return a SnapshotResult instead of throwing", edit => result.Write(known, edit));
    }

    private static void MakeAsync(MethodDeclarationSyntax method, AsyncMethod asynchronous, DocumentEdit edit)
    {
        asynchronous.Write(edit);
        foreach (var wait in Wait.In(method, edit.Place))
            wait.Await(edit);
    }
}
